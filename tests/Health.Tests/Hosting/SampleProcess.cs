using System.Net;
using Candor.Contract;
using Candor.Testing.Network;
using Candor.Testing.Processes;

namespace Candor.Health.Tests.Hosting;

/// <summary>The sample app as a process of its own: for signals, starved pools and pauses.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private SampleProcess(TestProcess process, HealthContract contract)
    {
        Process = process;
        Contract = contract;
        Client = new() { BaseAddress = new($"http://127.0.0.1:{contract.Port}"), Timeout = TimeSpan.FromSeconds(120) };
    }

    public TestProcess Process { get; }

    public HealthContract Contract { get; }

    public HttpClient Client { get; }

    public string Url(string path) => $"http://127.0.0.1:{Contract.Port}{path}";

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<SampleProcess> StartAsync(HealthContract contract, double speed = 1, int? poolThreads = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var ported = contract with { Port = FreePort.Next(), ManagementPort = FreePort.Next() };
            var assembly = Path.Combine(AppContext.BaseDirectory, "Candor.SampleApp.dll");
            var environment = new Dictionary<string, string>
            {
                ["CANDOR_CONTRACT"] = ContractJson.Serialize(ported),
                ["CANDOR_SPEED"] = speed.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["CANDOR_BIND"] = "127.0.0.1",
                ["DOTNET_gcServer"] = "0",
                // Two processors' worth of pool threads, whatever the machine has.
                ["DOTNET_PROCESSOR_COUNT"] = "2",
            };
            if (poolThreads is { } threads)
            {
                // A pool that neither grows nor has to: while it grows it runs something with every new thread, about twice a second,
                // and whether that is late is the machine's luck. The runtime reads the numbers as hexadecimal.
                var size = threads.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
                environment["DOTNET_ThreadPool_ForceMinWorkerThreads"] = size;
                environment["DOTNET_ThreadPool_ForceMaxWorkerThreads"] = size;
            }

            var process = TestProcess.Start("dotnet", [assembly], environment);
            var sample = new SampleProcess(process, ported);
            try
            {
                await Eventually.TrueAsync(sample.IsReadyAsync, "the sample app is ready");
                return sample;
            }
            catch (InvalidOperationException) when (attempt < 5)
            {
                await sample.DisposeAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        // What a test does not watch need not drain.
        await Process.KillAsync();
        await Process.DisposeAsync();
    }

    private async Task<bool> IsReadyAsync()
    {
        if (Process.HasExited)
        {
            throw new InvalidOperationException(Process.Output);
        }

        try
        {
            return (await Client.GetAsync(Contract.Paths.Readiness)).StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
