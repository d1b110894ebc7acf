using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Candor.Doctor.Commands;
using Candor.Doctor.Url;
using Candor.Planning;

namespace Candor.Doctor.Cluster;

/// <summary>
/// Asks pods through <c>kubectl proxy</c>, and where that cannot be had through <c>kubectl port-forward</c>. <c>kubectl get --raw</c>
/// would lose headers and body of every answer that is no 2xx, and those name the failing check.
/// </summary>
internal sealed partial class AppAnswers(Kubectl kubectl, TimeProvider time) : IAsyncDisposable
{
    private const int MaximumBody = 256 * 1024;
    private const int AtOnce = 8;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false
    })
    { Timeout = Timeout.InfiniteTimeSpan };
    private readonly List<Process> _processes = [];

    /// <summary>Asks every question; a pod that does not answer has an answer that says so.</summary>
    /// <returns>The answers by pod, and why nothing could be asked, or null.</returns>
    internal async Task<(IReadOnlyDictionary<string, IReadOnlyList<AnswerFacts>> Answers, string? Why)> AskAsync(
        IReadOnlyList<(PodFacts Pod, int Port, string Path)> questions, CancellationToken cancellationToken)
    {
        if (questions.Count == 0)
        {
            return (new Dictionary<string, IReadOnlyList<AnswerFacts>>(), null);
        }

        var (proxy, why) = await ProxyAsync(cancellationToken).ConfigureAwait(false);
        var answers = await AskAsync(questions, proxy, cancellationToken).ConfigureAwait(false);
        // Who may not ask through the API server may still be allowed to forward a port.
        if (proxy is not null && answers.All(pod => pod.Value.All(answer => Kubectl.IsRefusal(answer.Failure))))
        {
            why = await kubectl.RightAsync("get", "pods", "proxy", cancellationToken).ConfigureAwait(false)
                ?? $"`kubectl proxy`: {answers.Values.SelectMany(pod => pod).FirstOrDefault()?.Failure}";
            answers = await AskAsync(questions, null, cancellationToken).ConfigureAwait(false);
        }

        return (
            answers.ToDictionary(
                pair => pair.Key,
                pair => (IReadOnlyList<AnswerFacts>)[.. pair.Value.OrderBy(answer => answer.Port)
                    .ThenBy(answer => answer.Path, StringComparer.Ordinal)]),
            answers.IsEmpty ? why : null);
    }

    private async Task<ConcurrentDictionary<string, ConcurrentBag<AnswerFacts>>> AskAsync(
        IReadOnlyList<(PodFacts Pod, int Port, string Path)> questions, int? proxy, CancellationToken cancellationToken)
    {
        var answers = new ConcurrentDictionary<string, ConcurrentBag<AnswerFacts>>(StringComparer.Ordinal);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(questions, limits, async (question, stop) =>
        {
            var answer = proxy is { } port
                ? await GetAsync(
                    new($"http://127.0.0.1:{port}/api/v1/namespaces/{kubectl.Namespace}/pods/{question.Pod.Name}:{question.Port}/proxy"
                        + $"{question.Path}"),
                    question.Port, question.Path, stop).ConfigureAwait(false)
                : await ForwardedAsync(question, stop).ConfigureAwait(false);
            if (answer is not null)
            {
                answers.GetOrAdd(question.Pod.Name, _ => []).Add(answer);
            }
        }).ConfigureAwait(false);
        return answers;
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        lock (_processes)
        {
            foreach (var process in _processes)
            {
                CommandRunner.Kill(process);
                process.Dispose();
            }
        }

        return ValueTask.CompletedTask;
    }

    private async Task<(int? Port, string? Why)> ProxyAsync(CancellationToken cancellationToken) =>
        await StartAsync(kubectl.Arguments("proxy", "--port=0"), cancellationToken).ConfigureAwait(false) is { } port
            ? (port, null)
            : (null, "`kubectl proxy` did not start: pods were asked through `kubectl port-forward`");

    private async Task<AnswerFacts?> ForwardedAsync((PodFacts Pod, int Port, string Path) question, CancellationToken cancellationToken)
    {
        var arguments = kubectl.Arguments("port-forward", $"pod/{question.Pod.Name}",
            string.Create(CultureInfo.InvariantCulture, $":{question.Port}"), "-n", kubectl.Namespace);
        return await StartAsync(arguments, cancellationToken).ConfigureAwait(false) is { } port
            ? await GetAsync(new($"http://127.0.0.1:{port}{question.Path}"), question.Port, question.Path, cancellationToken)
                .ConfigureAwait(false)
            : null;
    }

    /// <summary>Starts a command that serves, and reads from its first lines on which port.</summary>
    private async Task<int?> StartAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var process = kubectl.Runner.Start(arguments);
        if (process is null)
        {
            return null;
        }

        lock (_processes)
        {
            _processes.Add(process);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token).ConfigureAwait(false) is { } line)
            {
                if (Serving().Match(line) is { Success: true } match)
                {
                    return int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        CommandRunner.Kill(process);
        return null;
    }

    private async Task<AnswerFacts> GetAsync(Uri url, int port, string path, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerLimit);
        var began = time.GetTimestamp();
        var answer = new AnswerFacts { Port = port, Path = path };
        try
        {
            using var response = await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            var body = await BodyAsync(response.Content, limit.Token).ConfigureAwait(false);
            var failure = FailureOf((int)response.StatusCode, body, response.Headers);
            return answer with
            {
                Status = failure is null ? (int)response.StatusCode : null,
                Failure = failure,
                Body = body,
                Health = failure is null ? HealthBody.Read(body) : HealthBody.Silent,
                ContractHash = response.Headers.TryGetValues(Contract.ContractHash.Header, out var hashes) ? hashes.FirstOrDefault() : null,
                Time = time.GetElapsedTime(began),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return answer with
            {
                Failure = FormattableString.Invariant($"no answer in time ({AnswerLimit.TotalSeconds:0} s)"),
                Time = time.GetElapsedTime(began)
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return answer with { Failure = (exception.InnerException ?? exception).Message, Time = time.GetElapsedTime(began) };
        }
    }

    /// <summary>Why the API server has no answer of the app's: it answers for it with an object of its own.</summary>
    private static string? FailureOf(int status, string body, HttpResponseHeaders headers)
    {
        if (status < 400 || headers.Contains(Contract.ContractHash.Header) || !body.Contains("\"Status\"", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            var json = PlanValue.Parse(body);
            return json["kind"].Text == "Status" && json["apiVersion"].Exists ? json["message"].Text ?? "the API server refused" : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<string> BodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var kept = new byte[MaximumBody];
        var count = await stream.ReadAtLeastAsync(kept, MaximumBody, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(kept, 0, count);
    }

    [GeneratedRegex(@"(?:Starting to serve on|Forwarding from)\s+\S*?:(\d{1,5})\b")]
    private static partial Regex Serving();
}
