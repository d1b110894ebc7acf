using System.Globalization;
using System.Text.RegularExpressions;

namespace Candor.Local;

/// <summary>
/// Whatever a command line starts: a service in another language, or a dependency that is not known by itself. It gets the pod's variables,
/// and its address and ports as the command names them; health is asked as of every pod.
/// </summary>
internal sealed partial class CommandImage(string command, string? user) : ContainerImage
{
    /// <inheritdoc />
    public override bool IsSystemProgram => false;

    /// <inheritdoc />
    protected override string? User => Environment.IsPrivilegedProcess ? user : null;

    /// <inheritdoc />
    public override Task<ProcessStart> PrepareAsync(ContainerContext context, CancellationToken cancellationToken)
    {
        OwnedFolder.Open(context.DataDirectory, User).Dispose();
        var environment = BaseEnvironment(context);
        environment["CANDOR_BIND"] = Address(context);
        environment[DotnetImage.ManagementTokenVariable] = context.RunId;
        environment["CANDOR_SPEED"] = context.Speed.ToString(CultureInfo.InvariantCulture);
        var line = Fill(context);
        return Task.FromResult(new ProcessStart
        {
            Program = "/bin/sh",
            // A single command takes the shell's place, and with it the signal that asks the pod to end.
            Arguments = ["-c", line.AsSpan().ContainsAny(";&|\n") ? line : $"exec {line}"],
            Environment = environment,
            WorkingDirectory = context.DataDirectory,
            User = User,
        });
    }

    private static string Address(ContainerContext context) => context.OwnNetwork ? "0.0.0.0" : context.Address.ToString();

    private string Fill(ContainerContext context) => Names().Replace(command, match => match.Groups[1].Value switch
    {
        "address" => Address(context),
        "data" => Quoted.Word(context.DataDirectory),
        "port" => Port(context, context.Container.Ports.Values.Select(port => (int?)port).FirstOrDefault(), "any port"),
        var name =>
            Port(
                context,
                context.Container.Ports.TryGetValue(name["port:".Length..], out var port) ? port : null,
                $"a port named '{name["port:".Length..]}'"),
    });

    private string Port(ContainerContext context, int? port, string what) =>
        port?.ToString(CultureInfo.InvariantCulture)
        ?? throw new LocalException(
            $"Pod {context.PodName}: its container does not declare {what}, which the command that stands for it names: {command}. Its "
                + $"ports: {string.Join(", ", context.Container.Ports.Keys)}.");

    [GeneratedRegex(@"\{(address|data|port|port:[a-z0-9-]+)\}")]
    private static partial Regex Names();
}
