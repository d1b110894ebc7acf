using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Candor.Contract;
using Candor.Testing.Network;
using Candor.Testing.Processes;

namespace Candor.Health.Tests.Orders;

/// <summary>The Orders service as a process of its own, from its built assembly.</summary>
public sealed class OrdersProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private OrdersProcess(TestProcess process, HealthContract contract)
    {
        Process = process;
        Contract = contract;
        Client = new HttpClient { BaseAddress = Address(contract.Port) };
    }

    /// <summary>The process.</summary>
    public TestProcess Process { get; }

    /// <summary>The contract it was given.</summary>
    public HealthContract Contract { get; }

    /// <summary>A client of the public port.</summary>
    public HttpClient Client { get; }

    /// <summary>The contract of Orders on free ports, with a long deadline for the database: a noisy machine is not a slow database.</summary>
    public static HealthContract OnFreePorts() => OrdersContract.Default with
    {
        Port = FreePort.Next(),
        ManagementPort = FreePort.Next(),
        Dependencies =
        [
            .. OrdersContract.Default.Dependencies.Select(
                d => d.Name == OrdersContract.Database ? d with { Timeout = OrdersContract.Default.Budget.Deadline } : d),
        ],
    };

    /// <summary>Starts the service and does not wait.</summary>
    /// <param name="contract">Its contract.</param>
    /// <param name="connections">Connection strings by dependency.</param>
    /// <param name="more">Further environment variables.</param>
    /// <param name="names">The name server that it asks; null for the machine's.</param>
    public static OrdersProcess Start(
        HealthContract contract,
        IReadOnlyDictionary<string, string> connections,
        IReadOnlyDictionary<string, string>? more = null,
        SilentNameServer? names = null)
    {
        var environment = new Dictionary<string, string>
        {
            ["CANDOR_CONTRACT"] = ContractJson.Serialize(contract),
            ["CANDOR_BIND"] = "127.0.0.1",
        };
        foreach (var (name, value) in connections)
        {
            environment[$"ConnectionStrings__{name}"] = value;
        }

        foreach (var (name, value) in more ?? new Dictionary<string, string>())
        {
            environment[name] = value;
        }

        return new(Run(environment, names), contract);
    }

    /// <summary>Starts the service with exactly this environment.</summary>
    public static TestProcess Run(IReadOnlyDictionary<string, string> environment, SilentNameServer? names = null)
    {
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "Candor.Orders.dll")];
        command = names?.Before(command) ?? command;
        return TestProcess.Start(command[0], command[1..], environment);
    }

    /// <summary>Waits until an answer of <paramref name="path"/> is as expected.</summary>
    /// <returns>That answer's body.</returns>
    public async Task<string> UntilAsync(string path, HttpStatusCode expected, TimeSpan? limit = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            string seen;
            try
            {
                using var answer = await Client.GetAsync(new Uri(path, UriKind.Relative));
                seen = await answer.Content.ReadAsStringAsync();
                if (answer.StatusCode == expected)
                {
                    return seen;
                }

                seen = $"{(int)answer.StatusCode} {seen}";
            }
            catch (HttpRequestException unreachable) when (unreachable.InnerException is SocketException or IOException)
            {
                seen = unreachable.Message;
            }

            if (Process.HasExited || TimeProvider.System.GetElapsedTime(started) > (limit ?? Limit))
            {
                throw new TimeoutException($"{path} did not answer {(int)expected}; last: {seen}\n{Process.Output}");
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.KillAsync();
        await Process.DisposeAsync();
    }

    private static Uri Address(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
}
