using System.Globalization;

namespace Candor.Local;

/// <summary>
/// PostgreSQL as its official image runs it: POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB make a new cluster; an existing one is
/// left as it is. It refuses to run as root, so root runs it as an unprivileged user.
/// </summary>
internal sealed class PostgresImage : ContainerImage
{
    private const int DefaultPort = 5432;

    /// <summary>Where the image keeps its data unless PGDATA is set.</summary>
    private const string ImageData = "/var/lib/postgresql/data";

    /// <summary>A fast shutdown: sessions are ended, data is safe.</summary>
    public override Signal StopSignal => Signal.Interrupt;

    /// <inheritdoc />
    public override async Task<ProcessStart> PrepareAsync(ContainerContext context, CancellationToken cancellationToken)
    {
        var server = SystemPrograms.Require("postgres");
        var user = User;
        var cluster = Cluster(context);
        using var data = OwnedFolder.Open(context.DataDirectory, user);
        if (!File.Exists(Path.Combine(cluster, "PG_VERSION")))
        {
            await CreateClusterAsync(context, data, cluster, user, cancellationToken).ConfigureAwait(false);
        }

        return new()
        {
            Program = server,
            Arguments =
            [
                "-D", cluster,
                "-c", $"listen_addresses={(context.OwnNetwork ? "*" : context.Address)}",
                "-c", $"port={Port(context)}",
                "-c", "unix_socket_directories=",
                .. context.ArgumentsAfter("postgres"),
            ],
            Environment = BaseEnvironment(context),
            WorkingDirectory = context.DataDirectory,
            User = user,
            // An immediate shutdown: the postmaster takes its children with it, and recovers at the next start.
            DeathSignal = Signal.Quit,
        };
    }

    /// <inheritdoc />
    public override ProcessStart Exec(ContainerContext context, IReadOnlyList<string> command)
    {
        var imageData = context.Environment.GetValueOrDefault("PGDATA") ?? ImageData;
        var start = base.Exec(context, [.. command.Select(part => part == imageData ? Cluster(context) : part)]);
        return start with
        {
            Environment = new Dictionary<string, string>(start.Environment)
            {
                ["PGHOST"] = context.Address.ToString(),
                ["PGPORT"] = Port(context).ToString(CultureInfo.InvariantCulture),
                ["PGDATA"] = Cluster(context),
            },
        };
    }

    /// <inheritdoc />
    protected override string? User => SystemUser.FirstOf("postgres", "nobody");

    private static string Cluster(ContainerContext context) => Path.Combine(context.DataDirectory, "pgdata");

    private static int Port(ContainerContext context) => context.Container.Ports.Values.FirstOrDefault(DefaultPort);

    /// <summary>
    /// In a folder beside it that is renamed at the end, so that an interrupted initdb is not taken for a cluster. All of it is done by the
    /// server's user, whose folder it is.
    /// </summary>
    private static async Task CreateClusterAsync(
        ContainerContext context, OwnedFolder data, string cluster, string? user, CancellationToken cancellationToken)
    {
        var superuser = context.Environment.GetValueOrDefault("POSTGRES_USER") ?? "postgres";
        var database = context.Environment.GetValueOrDefault("POSTGRES_DB") ?? superuser;
        var password = context.Environment.GetValueOrDefault("POSTGRES_PASSWORD")
            ?? throw new LocalException($"Pod {context.PodName}: the postgres image needs POSTGRES_PASSWORD, and the Plan gives it none.");
        var partial = Path.Combine(context.DataDirectory, "pgdata.new");
        await RunAsync(context, user, SystemPrograms.Require("rm"), ["-rf", "--", partial], null, cancellationToken).ConfigureAwait(false);
        const string PasswordFile = "initial-password";
        data.WriteSecret(PasswordFile, password + "\n");
        try
        {
            await RunAsync(
                context,
                user,
                SystemPrograms.Require("initdb"),
                [
                    "-D",
                    partial,
                    "--username",
                    superuser,
                    "--pwfile",
                    Path.Combine(context.DataDirectory, PasswordFile),
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--no-sync",
                    "--no-instructions",
                ],
                null,
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            data.Remove(PasswordFile);
        }

        if (database != "postgres")
        {
            await RunAsync(
                context,
                user,
                SystemPrograms.Require("postgres"),
                ["--single", "-D", partial, "postgres"],
                $"CREATE DATABASE \"{database.Replace("\"", "\"\"", StringComparison.Ordinal)}\";\n",
                cancellationToken).ConfigureAwait(false);
        }

        // As the image does: every client that the network admits may connect with the password.
        const string Script = "echo 'host all all all scram-sha-256' >>\"$1/pg_hba.conf\" && mv -T -- \"$1\" \"$2\"";
        await RunAsync(
            context, user, "/bin/sh", ["-c", Script, "postgres", partial, cluster], null, cancellationToken).ConfigureAwait(false);
    }

    private static async Task RunAsync(
        ContainerContext context, string? user, string program, IReadOnlyList<string> arguments, string? input,
        CancellationToken cancellationToken)
    {
        var environment = BaseEnvironment(context);
        environment.Remove("POSTGRES_PASSWORD");
        var (exitCode, output) = await Command.RunAsync(
            new()
            {
                Program = program,
                Arguments = arguments,
                Environment = environment,
                WorkingDirectory = context.DataDirectory,
                User = user,
            },
            input,
            cancellationToken).ConfigureAwait(false);
        if (exitCode != 0)
        {
            throw new LocalException(
                $"Pod {context.PodName}: {Path.GetFileName(program)} failed with exit code {exitCode}:{Command.LastLines(output)}");
        }
    }
}
