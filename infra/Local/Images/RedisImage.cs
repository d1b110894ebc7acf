using System.Globalization;
using System.Text;

namespace Candor.Local;

/// <summary>
/// Redis as its official image runs it, with the arguments of the Plan; a password among them goes into a file that only Redis reads.
/// </summary>
internal sealed class RedisImage : ContainerImage
{
    private const int DefaultPort = 6379;

    /// <inheritdoc />
    public override Task<ProcessStart> PrepareAsync(ContainerContext context, CancellationToken cancellationToken)
    {
        var user = User;
        using var data = OwnedFolder.Open(context.DataDirectory, user);
        var arguments = context.ArgumentsAfter("redis-server").ToList();
        var file = Path.Combine(context.DataDirectory, "redis.conf");
        // A configuration file of the container is not on this machine; what ours writes into it is the password, which redis-cli gets too.
        if (arguments.Count > 0 && !arguments[0].StartsWith("--", StringComparison.Ordinal))
        {
            arguments.RemoveAt(0);
        }

        var password = Take(arguments, "--requirepass") ?? context.Environment.GetValueOrDefault("REDISCLI_AUTH");
        data.WriteSecret(Path.GetFileName(file), Configuration(context, password));
        WriteClient(data, context, password);
        return Task.FromResult(new ProcessStart
        {
            Program = SystemPrograms.Require("redis-server"),
            Arguments = [file, .. arguments],
            Environment = BaseEnvironment(context),
            WorkingDirectory = context.DataDirectory,
            User = user,
        });
    }

    /// <summary>redis-cli connects to loopback by default; a shell in the container finds one that connects to the pod.</summary>
    public override ProcessStart Exec(ContainerContext context, IReadOnlyList<string> command)
    {
        var programs = Path.Combine(context.DataDirectory, "bin");
        var client = Path.Combine(programs, "redis-cli");
        var start = base.Exec(context, command);
        return start with
        {
            Program = command[0] == "redis-cli" ? client : start.Program,
            Environment = new Dictionary<string, string>(start.Environment) { ["PATH"] = $"{programs}:{SystemPrograms.DefaultPath}" },
        };
    }

    /// <inheritdoc />
    protected override string? User => SystemUser.FirstOf("redis", "nobody");

    private static void WriteClient(OwnedFolder data, ContainerContext context, string? password)
    {
        using var programs = data.Folder("bin");
        var login = password is null ? string.Empty : $"REDISCLI_AUTH='{password.Replace("'", "'\\''", StringComparison.Ordinal)}' ";
        programs.WriteSecret(
            "redis-cli", $"#!/bin/sh\n{login}exec {SystemPrograms.Require("redis-cli")} -h {context.Address} -p {Port(context)} \"$@\"\n",
            executable: true);
    }

    private static string Port(ContainerContext context) =>
        context.Container.Ports.Values.FirstOrDefault(DefaultPort).ToString(CultureInfo.InvariantCulture);

    private static string Configuration(ContainerContext context, string? password)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"bind {(context.OwnNetwork ? "*" : context.Address)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"port {Port(context)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"dir \"{context.DataDirectory}\"");
        text.AppendLine("protected-mode no");
        text.AppendLine("save \"\"");
        if (password is not null)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"requirepass "
                    + $"\"{password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        }

        return text.ToString();
    }

    private static string? Take(List<string> arguments, string option)
    {
        var index = arguments.IndexOf(option);
        if (index < 0 || index + 1 >= arguments.Count)
        {
            return null;
        }

        var value = arguments[index + 1];
        arguments.RemoveRange(index, 2);
        return value;
    }
}
