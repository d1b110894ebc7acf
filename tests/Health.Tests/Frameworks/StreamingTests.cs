using System.Runtime.CompilerServices;
using Candor.Health.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Candor.Health.Tests.Frameworks;

/// <summary>Answers that go on for long: with a first byte at once, or with none until there is something to tell.</summary>
public sealed class StreamingTests
{
    [Theory]
    [InlineData("/numbers")]
    [InlineData("/download")]
    [InlineData("/events")]
    [InlineData("/untyped-events")]
    [InlineData("/marked")]
    public async Task Answers_that_last_are_not_stuck_and_come_whole(string path)
    {
        var news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await (await RunningApp.StartAsync(Beside.Quick, map: web => Map(web, news.Task))).StartedAsync();
        var readers = Enumerable.Range(0, 5).Select(_ => ReadAsync(app, path)).ToList();

        await Beside.StaysReadyAsync(app);

        news.SetResult();
        Assert.All(await Task.WhenAll(readers), answer => Assert.Contains("news", answer, StringComparison.Ordinal));
        Assert.Equal(("healthy", null), await Beside.OperationAsync(app, $"GET {path}"));
    }

    private static async Task<string> ReadAsync(RunningApp app, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (path == "/untyped-events")
        {
            // As every browser's EventSource asks.
            request.Headers.Accept.Add(new("text/event-stream"));
        }

        using var answer = await app.Public.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return await answer.Content.ReadAsStringAsync();
    }

    private static void Map(WebApplication web, Task news)
    {
        web.MapGet("/numbers", () => FirstThenNews(news));
        web.MapGet("/download", async (HttpResponse response) =>
        {
            await response.WriteAsync("first, ");
            await news;
            await response.WriteAsync("news");
        });
        web.MapGet("/events", () => TypedResults.ServerSentEvents(OnlyNews(news)));
        web.MapGet("/untyped-events", async (HttpResponse response) =>
        {
            response.ContentType = "text/event-stream";
            await news;
            await response.WriteAsync("data: news\n\n");
        });

        // What ASP.NET Core's own timeouts are told to leave alone.
        web.MapGet("/marked", async () =>
        {
            await news;
            return "news";
        }).DisableRequestTimeout();
    }

    private static async IAsyncEnumerable<string> FirstThenNews(Task news)
    {
        yield return "first";
        await news;
        yield return "news";
    }

    private static async IAsyncEnumerable<string> OnlyNews(Task news, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await news.WaitAsync(cancellation);
        yield return "news";
    }
}
