using Candor.Contract;
using Candor.Health.Tests.Hosting;
using Candor.Testing.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Candor.Health.Tests.Management;

/// <summary>An image meets the contract of a stack that was deployed with another version.</summary>
public sealed class ContractOfAnotherVersionTests
{
    [Fact]
    public async Task Image_older_than_the_stack_serves_reports_once_what_it_ignores_and_shows_the_stacks_hash()
    {
        var json = Ported().Replace("{\"schemaVersion\":1,", "{\"schemaVersion\":2,\"futurePart\":{\"limit\":\"5s\"},", StringComparison.Ordinal);

        var (answers, log) = await AskAsync(json);

        Assert.Equal(ContractHash.OfText(json), answers.Header);
        Assert.Contains($"candor_contract_info{{hash=\"{ContractHash.OfText(json)}\"}} 1\n", answers.Metrics, StringComparison.Ordinal);
        Assert.Equal(json, answers.Contract);
        Assert.Single(log.Lines, line => line.Contains("unknown to this version of Candor (ignored): futurePart.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Image_newer_than_the_stack_serves_with_defaults_and_shows_the_stacks_hash()
    {
        // A stack of before operations, connections and schemaVersion.
        var node = System.Text.Json.Nodes.JsonNode.Parse(Ported())!.AsObject();
        foreach (var newer in new[] { "schemaVersion", "operations", "operationLimits" })
        {
            Assert.True(node.Remove(newer));
        }

        var json = node.ToJsonString();

        var (answers, log) = await AskAsync(json);

        Assert.Equal(ContractHash.OfText(json), answers.Header);
        Assert.Contains($"candor_contract_info{{hash=\"{ContractHash.OfText(json)}\"}} 1\n", answers.Metrics, StringComparison.Ordinal);
        Assert.DoesNotContain(log.Lines, line => line.Contains("(ignored)", StringComparison.Ordinal));
    }

    private static string Ported() => ContractJson.Serialize(new() { Port = FreePort.Next(), ManagementPort = FreePort.Next() });

    private static async Task<((string Header, string Metrics, string Contract) Answers, KeptLog Log)> AskAsync(string json)
    {
        var contract = ContractJson.ParseLenient(json, "test").Contract;
        var log = new KeptLog();
        var builder = WebApplication.CreateBuilder();
        builder.Environment.EnvironmentName = "Production";
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Configuration[ContractEnvironment.ContractVariable] = json;
        builder.Configuration["CANDOR_BIND"] = "127.0.0.1";
        builder.AddCandor(new HealthContract());
        await using var app = builder.Build();
        app.MapCandor();
        await app.StartAsync();
        using var client = new HttpClient();
        using var health = await client.GetAsync($"http://127.0.0.1:{contract.Port}/health");
        var header = health.Headers.GetValues(ContractHash.Header).Single();
        var metrics = await client.GetStringAsync($"http://127.0.0.1:{contract.ManagementPort}/metrics");
        var shown = await client.GetStringAsync($"http://127.0.0.1:{contract.ManagementPort}/contract");
        return ((header, metrics, shown), log);
    }
}
