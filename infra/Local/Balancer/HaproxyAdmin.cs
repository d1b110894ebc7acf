using System.Net.Sockets;
using System.Text;

namespace Candor.Local;

/// <summary>What HAProxy reports about one server.</summary>
/// <param name="Backend">The backend it is in.</param>
/// <param name="Server">Its slot.</param>
/// <param name="Current">Requests in flight.</param>
/// <param name="Total">Requests so far.</param>
/// <param name="Address">Where they go, with the port.</param>
internal sealed record HaproxyServer(string Backend, string Server, int Current, long Total, string Address);

/// <summary>Talks to a running HAProxy through its admin socket.</summary>
internal sealed class HaproxyAdmin(string socket)
{
    private static readonly string[] _answerColumns = ["hrsp_1xx", "hrsp_2xx", "hrsp_3xx", "hrsp_4xx", "hrsp_5xx", "hrsp_other"];

    /// <summary>Sends commands; the answer is empty when all went well.</summary>
    /// <exception cref="SocketException">HAProxy is not there.</exception>
    public async Task<string> SendAsync(IReadOnlyList<string> commands, CancellationToken cancellationToken)
    {
        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken).ConfigureAwait(false);
        using var stream = new NetworkStream(connection);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Join(';', commands) + "\n"), cancellationToken).ConfigureAwait(false);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return (await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false)).Trim();
    }

    /// <summary>Every server of every backend.</summary>
    public async Task<IReadOnlyList<HaproxyServer>> ServersAsync(CancellationToken cancellationToken)
    {
        var lines = (
            await SendAsync(["show stat -1 4 -1"], cancellationToken).ConfigureAwait(false)).Split(
                '\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
        {
            return [];
        }

        var columns = Columns(lines[0]);
        return
        [
            .. lines.Skip(1).Select(Split).Where(f => f.Count > columns["addr"]).Select(f => new HaproxyServer(
                f[columns["pxname"]],
                f[columns["svname"]],
                Number(f[columns["scur"]]),
                Number(f[columns["stot"]]),
                f[columns["addr"]])),
        ];
    }

    /// <summary>What it has answered to users so far.</summary>
    /// <exception cref="SocketException">HAProxy is not there.</exception>
    public async Task<UserTotals> UsersAsync(CancellationToken cancellationToken)
    {
        const int FrontendsAndBackends = 3;
        var lines = (
            await SendAsync(
                [$"show stat -1 {FrontendsAndBackends} -1"],
                cancellationToken).ConfigureAwait(false)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
        {
            throw new IOException("HAProxy reports no request counts.");
        }

        var columns = Columns(lines[0]);
        var rows = lines.Skip(1).Select(Split).Where(f => f.Count > columns["ttime"]).ToList();
        var front = rows.Where(f => f[columns["svname"]] == "FRONTEND").ToList();
        var times = rows.Where(f => f[columns["svname"]] == "BACKEND" && Number(f[columns["stot"]]) > 0)
            .Select(f => Number(f[columns["ttime"]]))
            .Where(time => time > 0)
            .ToList();
        return new(
            front.Sum(f => (long)_answerColumns.Sum(name => Number(f[columns[name]]))),
            front.Sum(f => (long)Number(f[columns["hrsp_5xx"]])),
            times.Count == 0 ? null : times.Average());
    }

    /// <summary>How many connections its users hold.</summary>
    /// <exception cref="SocketException">HAProxy is not there.</exception>
    public async Task<int> ConnectionsAsync(CancellationToken cancellationToken)
    {
        const string Count = "CurrConns: ";
        var line = (await SendAsync(["show info"], cancellationToken).ConfigureAwait(false))
            .Split('\n')
            .FirstOrDefault(l => l.StartsWith(Count, StringComparison.Ordinal));
        return line is null ? throw new IOException("HAProxy reports no connection count.") : Number(line[Count.Length..]);
    }

    private static Dictionary<string, int> Columns(string header) =>
        Split(header.TrimStart('#', ' '))
            .Select((name, index) => (name, index))
            .Where(c => c.name.Length > 0)
            .ToDictionary(c => c.name, c => c.index);

    private static int Number(string text) => int.TryParse(text, out var number) ? number : 0;

    /// <summary>CSV with quotes around fields that need them.</summary>
    private static List<string> Split(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        foreach (var c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}
