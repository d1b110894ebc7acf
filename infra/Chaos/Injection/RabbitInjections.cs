using Candor.Local;
using RabbitMQ.Client;

namespace Candor.Chaos.Injection;

/// <summary><c>rabbitmqctl</c> commands.</summary>
/// <param name="Do">
/// What is done, one command a line; <c>{user}</c> and <c>{password}</c> are the service's. One that begins with <c>?</c> may fail.
/// </param>
/// <param name="Undo">What undoes it.</param>
internal sealed record Rabbit(string Do, string Undo) : Inject
{
    public override string Undone => Undo.Length == 0
        ? "the service declares it again"
        : Undo.ReplaceLineEndings("; ").Replace("{password}", "…", StringComparison.Ordinal).Replace("?", string.Empty, StringComparison.Ordinal);

    public override Task DoAsync(Site site, CancellationToken cancellationToken) => RunAsync(site, Do, cancellationToken);

    public override Task UndoAsync(Site site, CancellationToken cancellationToken) => RunAsync(site, Undo, cancellationToken);

    private static async Task RunAsync(Site site, string commands, CancellationToken cancellationToken)
    {
        var (user, password, _) = await Broker.OfAsync(site, cancellationToken);
        foreach (var line in commands.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = line.TrimStart('?').Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => word.Replace("{user}", user, StringComparison.Ordinal).Replace("{password}", password, StringComparison.Ordinal));
            try
            {
                await site.ExecAsync("queue", ["rabbitmqctl", "-q", .. words], cancellationToken);
            }
            catch (LocalException) when (line.StartsWith('?'))
            {
                // It is so already.
            }
        }
    }
}

/// <summary>Messages in the orders' queue that the service did not send: of orders that are processed already.</summary>
/// <param name="Count">How many.</param>
internal sealed record Messages(int Count) : Inject
{
    public override string Undone => "they are consumed";

    public override async Task DoAsync(Site site, CancellationToken cancellationToken)
    {
        var (user, password, pod) = await Broker.OfAsync(site, cancellationToken);
        var factory = new ConnectionFactory { HostName = pod.Address, Port = 5672, UserName = user, Password = password };
        await using var connection = await factory.CreateConnectionAsync("chaos", cancellationToken);
        await using var channel = await connection.CreateChannelAsync(null, cancellationToken);
        var known = site.KnownOrders();
        for (var i = 0; i < Count && known.Count > 0; i++)
        {
            var body = System.Text.Encoding.ASCII.GetBytes(known[i % known.Count].Id.ToString());
            await channel.BasicPublishAsync(string.Empty, "orders", mandatory: false, new BasicProperties { Persistent = true, ContentType = "text/plain" }, body, cancellationToken);
        }
    }

    public override async Task UndoAsync(Site site, CancellationToken cancellationToken) =>
        await site.ExecAsync("queue", ["rabbitmqctl", "-q", "purge_queue", "orders"], cancellationToken);
}

/// <summary>The broker as the Plan has it.</summary>
internal static class Broker
{
    /// <summary>The service's user and password, and the pod.</summary>
    public static async Task<(string User, string Password, LocalPod Pod)> OfAsync(Site site, CancellationToken cancellationToken)
    {
        var workload = ManifestReader.Read(site.Plan, 1, _ => null).Workloads.First(w => w.Name == "queue");
        var environment = workload.Template.Container.Environment.ToDictionary(e => e.Name, e => e.Value ?? string.Empty, StringComparer.Ordinal);
        var pod = (await site.Client.StatusAsync(cancellationToken)).Pods.First(p => p.Name == Site.PodOf("queue"));
        return (environment.GetValueOrDefault("RABBITMQ_DEFAULT_USER", "guest"), environment.GetValueOrDefault("RABBITMQ_DEFAULT_PASS", "guest"), pod);
    }

}
