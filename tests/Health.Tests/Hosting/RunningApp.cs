using System.Net;
using System.Text.Json;
using Candor.Contract;
using Candor.Testing.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Candor.Health.Tests.Hosting;

/// <summary>An app on real Kestrel and free ports, within the test's process.</summary>
internal sealed class RunningApp : IAsyncDisposable
{
    private RunningApp(WebApplication app, HealthContract contract, KeptLog log)
    {
        App = app;
        Contract = contract;
        Log = log;
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        Public = new(handler) { BaseAddress = new($"http://127.0.0.1:{contract.Port}") };
        Management = new() { BaseAddress = new($"http://127.0.0.1:{contract.ManagementPort}") };
    }

    public WebApplication App { get; }

    public HealthContract Contract { get; }

    public KeptLog Log { get; }

    public HttpClient Public { get; }

    public HttpClient Management { get; }

    /// <summary>Starts an app that does nothing but what is given.</summary>
    public static async Task<RunningApp> StartAsync(HealthContract? contract = null, Action<WebApplicationBuilder>? build = null, Action<WebApplication>? map = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var ported = (contract ?? new()) with { Port = FreePort.Next(), ManagementPort = FreePort.Next() };
            var log = new KeptLog();
            var builder = WebApplication.CreateBuilder();
            builder.Environment.EnvironmentName = "Production";
            builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Information);
            builder.AddCandor(ported);
            build?.Invoke(builder);
            var app = builder.Build();
            map?.Invoke(app);
            app.MapCandor();
            try
            {
                await app.StartAsync();
                return new(app, ported, log);
            }
            catch (IOException) when (attempt < 5)
            {
                // Another process was faster to take the port.
                await app.DisposeAsync();
            }
        }
    }

    /// <summary>The readiness answer of the public port.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> ReadinessAsync(string query = "") => await ReadAsync(Public, Contract.Paths.Readiness + query);

    /// <summary>The readiness answer of the management port, with every detail.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> DetailAsync(string query = "") => await ReadAsync(Management, Contract.Paths.Readiness + query);

    /// <summary>Waits until start-up is over.</summary>
    public async Task<RunningApp> StartedAsync()
    {
        await Eventually.TrueAsync(async () => (await Public.GetAsync(Contract.Paths.Startup)).StatusCode == HttpStatusCode.OK, "the app has started");
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        Public.Dispose();
        Management.Dispose();
        await App.DisposeAsync();
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> ReadAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }
}
