using System.Net;
using Candor.Contract;
using Candor.Health;

// Starts, asks itself what a prober, Prometheus and an operator would, says what came, and ends with 0 when all of it was right.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.AddCandor(
    new HealthContract
    {
        Operations =
        [
            new()
            {
                Name = "front",
                Route = "GET /",
                Canary = new() { Path = "/", Interval = TimeSpan.FromMilliseconds(500), Timeout = TimeSpan.FromMilliseconds(400) },
            },
        ],
    },
    options => options.DynamicPorts = true);
builder.Services.AddHealthChecks().AddCheck("mine", () => Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult.Healthy());
await using var app = builder.Build();
app.MapGet("/", context => context.Response.WriteAsync("hello"));
app.MapCandor();
await app.StartAsync();

var addresses = app.Urls.Select(url => new Uri(url.Replace("[::]", "127.0.0.1", StringComparison.Ordinal))).ToList();
using var client = new HttpClient();
var right = await AsksAsync(addresses[0], "/", "hello")
    & await AsksAsync(addresses[0], "/health", "\"front\":{\"status\":\"healthy\"")
    & await AsksAsync(addresses[0], "/healthz", "alive")
    & await AsksAsync(addresses[1], "/metrics", "candor_canary_total{outcome=\"failed\"} 0")
    & await AsksAsync(addresses[1], "/health", "\"mine\":{\"status\":\"healthy\"")
    & await AsksAsync(addresses[1], "/contract", "\"schemaVersion\"");
return right ? 0 : 1;

async Task<bool> AsksAsync(Uri address, string path, string expected)
{
    var answer = "";
    for (var attempt = 0; attempt < 100; attempt++)
    {
        using var response = await client.GetAsync(new Uri(address, path));
        answer = await response.Content.ReadAsStringAsync();
        if (response.StatusCode == HttpStatusCode.OK && answer.Contains(expected, StringComparison.Ordinal))
        {
            Console.WriteLine($"{path}: as it should be");
            return true;
        }

        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
    }

    Console.WriteLine($"{path}: expected {expected}, and it was {answer}");
    return false;
}
