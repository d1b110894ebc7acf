using System.Globalization;
using System.Text;

namespace Candor.Local;

/// <summary>Redis as its official image runs it, with the arguments of the Plan; a password among them goes into a file that only Redis reads.</summary>
internal sealed class RedisImage : ContainerImage
{
    private const int DefaultPort = 6379;

    /// <inheritdoc />
    public override Task<ProcessStart> PrepareAsync(ContainerContext context, CancellationToken cancellationToken)
    {
        var user = SystemUser.FirstOf("redis", "nobody");
        OwnedFolder.Create(context.DataDirectory, user);
        var arguments = context.ArgumentsAfter("redis-server").ToList();
        var file = Path.Combine(context.DataDirectory, "redis.conf");
        OwnedFolder.WriteSecret(file, Configuration(context, Take(arguments, "--requirepass")), user);
        return Task.FromResult(new ProcessStart
        {
            Program = SystemPrograms.Require("redis-server"),
            Arguments = [file, .. arguments],
            Environment = BaseEnvironment(context),
            WorkingDirectory = context.DataDirectory,
            User = user,
        });
    }

    /// <inheritdoc />
    public override ProcessStart Exec(ContainerContext context, IReadOnlyList<string> command)
    {
        var start = base.Exec(context, command);
        if (Path.GetFileName(command[0]) != "redis-cli")
        {
            return start;
        }

        var environment = new Dictionary<string, string>(start.Environment);
        if (Take([.. context.ArgumentsAfter("redis-server")], "--requirepass") is { } password)
        {
            environment.TryAdd("REDISCLI_AUTH", password);
        }

        return start with
        {
            Arguments = ["-h", context.Address.ToString(), "-p", Port(context), .. start.Arguments],
            Environment = environment,
        };
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
            text.AppendLine(CultureInfo.InvariantCulture, $"requirepass \"{password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
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
