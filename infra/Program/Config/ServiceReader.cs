using System.Collections.Immutable;
using System.Text.Json;
using Candor.Contract;

namespace Candor.Program.Config;

/// <summary>Reads the main service and <c>candor:services</c>, and merges each contract.</summary>
internal static class ServiceReader
{
    /// <summary>The name of the reference application, whose contract is the default of a main service of that name.</summary>
    private const string ReferenceService = "orders";

    private static readonly string[] Known =
        ["name", "image", "paths", "hosts", "minReplicas", "maxReplicas", "targetCpu", "cpuRequest", "memoryRequest", "memoryLimit",
            "env", "secretEnv", "args", "ports", "volumes", "contract", "health"];

    /// <summary>Every service, the main one first. What cannot be read is noted and left out.</summary>
    public static ImmutableArray<ServiceConfig> ReadAll(ConfigReader reader, BalancerKind balancer)
    {
        var main = First(reader, balancer);
        return reader.Json("services") switch
        {
            { ValueKind: JsonValueKind.Array } list =>
                [main, .. list.EnumerateArray().SelectMany((item, index) => Further(reader, balancer, main, item, index))],
            null => [main],
            { } other => Refuse(reader, main, other),
        };
    }

    /// <summary>
    /// Google's balancers and ingress-nginx send nothing to instances that all fail, so there a shared failure is reported instead.
    /// Google's keep idle connections for ten minutes, which nobody can change.
    /// </summary>
    private static HealthContract Behind(BalancerKind balancer, HealthContract contract) => balancer switch
    {
        BalancerKind.Alb => contract,
        BalancerKind.Gke => contract with
        {
            Routing = contract.Routing with { OnSharedFailure = SharedFailure.Report },
            Balancer = contract.Balancer with { IdleTimeout = StackConfigRules.GoogleKeepAlive, KeepAlive = StackConfigRules.AboveGoogles },
        },
        _ => contract with { Routing = contract.Routing with { OnSharedFailure = SharedFailure.Report } },
    };

    private static ServiceConfig First(ConfigReader reader, BalancerKind balancer)
    {
        var name = reader.Text("name");
        var defaults = Behind(balancer, name == ReferenceService ? OrdersContract.Default : new HealthContract());
        var written = ContractFile.Read(reader, "candor:contract", reader.Optional("contract"), defaults);
        var contract = Merge(reader, written, reader.Json("health"), "candor:health");
        return new()
        {
            Name = name,
            Image = reader.Text("image"),
            Contract = contract,
            Container = new ContainerReader(reader, reader.Json, $"{ConfigKeys.Namespace}:").Read(contract),
            Scale = new(reader.Integer("minReplicas"), reader.Integer("maxReplicas"), reader.Integer("targetCpu")),
            Resources = new(reader.Text("cpuRequest"), reader.Text("memoryRequest"), reader.Text("memoryLimit")),
        };
    }

    private static ImmutableArray<ServiceConfig> Refuse(ConfigReader reader, ServiceConfig main, JsonElement found)
    {
        reader.Add("services", found.GetRawText(), "a list of objects", "Begin each service with a dash.");
        return [main];
    }

    private static IEnumerable<ServiceConfig> Further(
        ConfigReader reader, BalancerKind balancer, ServiceConfig main, JsonElement item, int index)
    {
        var part = new ServicePart(reader, item, $"candor:services[{index}]");
        if (!part.IsObject())
        {
            return [];
        }

        part.CheckNames(Known);
        var file = part.Member("contract") is null ? null : part.Text("contract", TextForm.Any);
        var written = ContractFile.Read(reader, $"{part.Path}.contract", file, Behind(balancer, new HealthContract()));
        var contract = Merge(reader, written, part.Member("health"), $"{part.Path}.health");
        return
        [
            new()
            {
                Key = $"{part.Path}.",
                Name = part.Text("name", TextForm.ServiceName),
                Image = part.Text("image", TextForm.Image),
                Paths = part.List("paths"),
                Hosts = part.List("hosts"),
                Scale = new(
                    part.Integer("minReplicas", main.Scale.Minimum, 2, 1000),
                    part.Integer("maxReplicas", main.Scale.Maximum, 3, 1000),
                    part.Integer("targetCpu", main.Scale.TargetCpu, 10, 95)),
                Resources = new(
                    part.Text("cpuRequest", TextForm.Quantity, main.Resources.CpuRequest),
                    part.Text("memoryRequest", TextForm.Quantity, main.Resources.MemoryRequest),
                    part.Text("memoryLimit", TextForm.Quantity, main.Resources.MemoryLimit)),
                Contract = contract,
                Container = new ContainerReader(reader, part.Member, $"{part.Path}.").Read(contract),
            },
        ];
    }

    private static HealthContract Merge(ConfigReader reader, HealthContract contract, JsonElement? overrides, string source)
    {
        if (overrides is not { } json)
        {
            return contract;
        }

        try
        {
            return ContractJson.Merge(contract, json.GetRawText(), source);
        }
        catch (InvalidContractException exception)
        {
            foreach (var violation in exception.Violations)
            {
                reader.Add(new($"{source}.{violation.Path}", violation.Found, violation.Expected, $"{violation.Why} {violation.Fix}"));
            }

            return contract;
        }
    }
}
