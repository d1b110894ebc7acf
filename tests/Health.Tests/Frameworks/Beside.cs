using System.Net;
using System.Text.Json;
using Candor.Contract;
using Candor.Health.Tests.Hosting;

namespace Candor.Health.Tests.Frameworks;

/// <summary>What the tests of the frameworks beside health share.</summary>
internal static class Beside
{
    /// <summary>A contract by which three requests that last for 300 ms are stuck, and uploads end after a second.</summary>
    public static HealthContract Quick { get; } = new()
    {
        Freshness = TimeSpan.FromMilliseconds(50),
        Watchdog = new() { StuckRequestAge = TimeSpan.FromMilliseconds(300), StuckRequestCount = 3, ThreadPoolDelay = TimeSpan.FromSeconds(30) },
        Drain = new() { RequestTimeout = TimeSpan.FromSeconds(1) },
    };

    /// <summary>
    /// Asks for health again and again for so long that what lasts would be stuck, and uploads over; it must be ready each time.
    /// </summary>
    public static async Task StaysReadyAsync(RunningApp app)
    {
        for (var looked = 0; looked < 28; looked++)
        {
            var (status, body) = await app.ReadinessAsync();
            Assert.True(status == HttpStatusCode.OK && body.GetProperty("status").GetString() == "ready", $"After {looked} looks: {body}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    /// <summary>Uses the app until its health says what it should.</summary>
    public static Task UntilAsync(RunningApp app, HttpStatusCode status, Func<Task> use) => Eventually.TrueAsync(async () =>
    {
        await use();
        return (await app.ReadinessAsync()).Status == status;
    }, $"readiness answers {(int)status}");

    /// <summary>Status and reason of an operation, once health reports it.</summary>
    public static async Task<(string? Status, string? Reason)> OperationAsync(RunningApp app, string name)
    {
        JsonElement operation = default;
        await Eventually.TrueAsync(async () => (await app.DetailAsync()).Body.GetProperty("operations").TryGetProperty(name, out operation), $"{name} is shown");
        return (operation.GetProperty("status").GetString(), operation.GetProperty("reason").GetString());
    }
}
