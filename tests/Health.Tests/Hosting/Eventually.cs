using System.Diagnostics;

namespace Candor.Health.Tests.Hosting;

/// <summary>Waits for what must come to be. The limit is only there to end a test that fails.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(clock.Elapsed < Limit, $"It never came to be that {what}.");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
