using System.Collections.Concurrent;
using System.Text.Json;

namespace Candor.Local;

/// <summary>
/// What each pod says of itself, in full, asked on its management port: that is no prober's port, so asking there delays no drain. It is asked
/// only while somebody looks.
/// </summary>
internal sealed class PodVerdicts : IDisposable
{
    private const int LongestAnswer = 256 * 1024;
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) })
    {
        Timeout = _timeout,
        MaxResponseContentBufferSize = LongestAnswer,
    };

    private readonly ConcurrentDictionary<string, JsonElement> _latest = new(StringComparer.Ordinal);

    /// <summary>By pod; none for a pod that does not answer, or has no such port.</summary>
    public IReadOnlyDictionary<string, JsonElement> Latest => _latest;

    /// <summary>Asks every pod that has a management port.</summary>
    public async Task AskAsync(IReadOnlyList<LocalPod> pods, int port, string path, CancellationToken cancellationToken)
    {
        var asked = pods.Where(pod => pod.ProcessId is not null && pod.Ports.Values.Contains(port)).ToList();
        foreach (var gone in _latest.Keys.Where(name => !asked.Exists(pod => pod.Name == name)))
        {
            _latest.TryRemove(gone, out _);
        }

        await Task.WhenAll(asked.Select(pod => AskAsync(pod, port, path, cancellationToken))).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task AskAsync(LocalPod pod, int port, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri($"http://{pod.Address}:{port}{path}"), cancellationToken).ConfigureAwait(false);
            var text = await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            _latest[pod.Name] = JsonElement.Parse(text);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Only just starting, paused, or no program of ours.
            _latest.TryRemove(pod.Name, out _);
        }
    }
}
