using System.Text.Json.Nodes;
using Candor.Contract;
using Candor.Planning;

namespace Candor.Local;

/// <summary>What the page shows of contract and Plan: the promises, at the stack's speed, and the numbers they come from.</summary>
internal static class PageFacts
{
    public static JsonObject Of(Plan plan, Manifest manifest, LocalOptions options) => new()
    {
        ["doctor"] = options.Doctor is not null,
        ["stackDoctor"] = options.StackDoctor is not null,
        ["faults"] = new JsonArray([.. (options.Faults?.Catalogue ?? []).Select(fault => (JsonNode)new JsonObject
        {
            ["name"] = fault.Name,
            ["family"] = fault.Family,
            ["title"] = fault.Title,
            ["onePod"] = fault.OnePod,
        })]),
        ["contract"] = plan.Contract is { } contract ? JsonNode.Parse(ContractJson.Serialize(contract)) : null,
        ["timeline"] = new JsonArray([.. (plan.Timeline?.Scale(options.Speed).Rows ?? []).Select(row => (JsonNode)new JsonObject
        {
            ["key"] = row.Key,
            ["title"] = row.Title,
            ["best"] = row.Window.Best.TotalSeconds,
            ["worst"] = row.Window.Worst.TotalSeconds,
            ["text"] = row.Window.ToString(),
        })]),
        ["targetGroups"] = new JsonArray([.. manifest.TargetGroups.Select(group => (JsonNode)new JsonObject
        {
            ["name"] = group.Name,
            ["path"] = group.CheckPath,
            ["interval"] = group.Interval.TotalSeconds,
            ["timeout"] = group.Timeout.TotalSeconds,
            ["unhealthyThreshold"] = group.UnhealthyThreshold,
            ["healthyThreshold"] = group.HealthyThreshold,
            ["matcher"] = group.Matcher,
            ["deregistrationDelay"] = group.DeregistrationDelay.TotalSeconds,
        })]),
        ["workloads"] = new JsonArray([.. manifest.Workloads.Select(workload => (JsonNode)new JsonObject
        {
            ["kind"] = workload.Kind.ToString(),
            ["name"] = workload.Name,
            ["image"] = workload.Template.Container.Image,
            ["services"] = new JsonArray([.. new ServiceDirectory(manifest.Services, manifest.Workloads).Named(workload).Select(service => (JsonNode)JsonValue.Create(service.Name))]),
            ["probes"] = new JsonArray([.. new[] { ("startup", workload.Template.Container.Startup), ("readiness", workload.Template.Container.Readiness), ("liveness", workload.Template.Container.Liveness) }
                .Where(probe => probe.Item2 is not null)
                .Select(probe => (JsonNode)new JsonObject
                {
                    ["prober"] = probe.Item1,
                    ["asks"] = probe.Item2!.Action.Describe(),
                    ["period"] = probe.Item2.Period.TotalSeconds,
                    ["timeout"] = probe.Item2.Timeout.TotalSeconds,
                    ["failureThreshold"] = probe.Item2.FailureThreshold,
                    ["successThreshold"] = probe.Item2.SuccessThreshold,
                })]),
        })]),
        ["services"] = new JsonArray([.. manifest.Services.Select(service => (JsonNode)new JsonObject
        {
            ["name"] = service.Name,
            ["workloads"] = new JsonArray([.. new ServiceDirectory(manifest.Services, manifest.Workloads).Behind(service).Select(workload => (JsonNode)JsonValue.Create(workload.Name))]),
        })]),
    };
}
