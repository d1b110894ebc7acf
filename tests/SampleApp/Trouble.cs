namespace Candor.SampleApp;

/// <summary>Routes that are well, and routes that are not.</summary>
internal static class Trouble
{
    public static void MapTrouble(this WebApplication app)
    {
        app.MapGet("/", () => "hello");
        app.MapGet("/allocated", () => GC.GetTotalAllocatedBytes().ToString(System.Globalization.CultureInfo.InvariantCulture));
        app.MapGet("/fail", () => { throw new InvalidOperationException("A bug."); });
        app.MapGet("/stuck", () => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System));

        // Synchronous waiting in a handler: what starves thread pools.
        app.MapGet("/block", (double seconds) =>
        {
            using var never = new ManualResetEventSlim();
            never.Wait(TimeSpan.FromSeconds(seconds));
            return "blocked";
        });
        app.MapPost("/upload", async (HttpRequest request) =>
        {
            await request.Body.CopyToAsync(Stream.Null);
            return "uploaded";
        });
        app.MapGet("/slow", async (double seconds) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
            return "slow";
        });
    }
}
