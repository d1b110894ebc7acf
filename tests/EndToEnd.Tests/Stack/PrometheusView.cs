using System.Net.Http.Json;
using System.Text.Json;

namespace Candor.EndToEnd.Tests.Stack;

/// <summary>What the Prometheus and the Alertmanager of a running stack answer.</summary>
internal sealed class PrometheusView(RunningStack stack) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    public void Dispose() => _http.Dispose();

    /// <summary>Every alerting rule that is loaded.</summary>
    public async Task<JsonElement[]> RulesAsync() =>
    [
        .. (await _http.GetFromJsonAsync<JsonElement>($"{await PartAsync("Prometheus")}/api/v1/rules"))
            .GetProperty("data").GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray()),
    ];

    /// <summary>The names of the alerts that fire.</summary>
    public async Task<IReadOnlyList<string>> FiringAsync() =>
        [.. (await RulesAsync()).Where(rule => rule.GetProperty("state").GetString() == "firing").Select(rule => Name(rule)!).Order()];

    /// <summary>What Alertmanager holds.</summary>
    public async Task<JsonElement[]> AlertsAsync() =>
        await _http.GetFromJsonAsync<JsonElement[]>($"{await PartAsync("Alertmanager")}/api/v2/alerts") ?? [];

    /// <summary>The result of a query now.</summary>
    public async Task<JsonElement[]> QueryAsync(string query)
    {
        var address = $"{await PartAsync("Prometheus")}/api/v1/query?query={Uri.EscapeDataString(query)}";
        return [.. (await _http.GetFromJsonAsync<JsonElement>(address)).GetProperty("data").GetProperty("result").EnumerateArray()];
    }

    /// <summary>Waits until the query's result is as wanted.</summary>
    public Task<JsonElement[]> UntilAsync(string query, Func<JsonElement[], bool> wanted, string what) =>
        UntilAsync(() => QueryAsync(query), wanted, what);

    /// <summary>Waits until an answer is as wanted; fails with the last one and everything that happened.</summary>
    public async Task<T[]> UntilAsync<T>(Func<Task<T[]>> ask, Func<T[], bool> wanted, string what)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await AnswerAsync(ask);
            if (wanted(answer))
            {
                return answer;
            }

            if (TimeProvider.System.GetElapsedTime(since) > RunningStack.Limit)
            {
                throw new InvalidOperationException(
                    $"Timed out waiting until {what}; the last answer was:\n{string.Join('\n', answer)}\nWhat happened:\n{stack.Story()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    public static string? Name(JsonElement rule) => rule.GetProperty("name").GetString();

    private async Task<string> PartAsync(string name) => (await stack.StatusAsync()).Monitoring.Single(part => part.Name == name).Url;

    private static async Task<T[]> AnswerAsync<T>(Func<Task<T[]>> ask)
    {
        try
        {
            return await ask();
        }
        catch (HttpRequestException)
        {
            // Only just starting.
            return [];
        }
    }
}
