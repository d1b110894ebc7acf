using System.Text.Json.Nodes;
using Candor.Local;
using Candor.Planning;

namespace Candor.Infra.Tests.Local;

public sealed class ReachabilityTests
{
    [Fact]
    public void Without_policies_and_groups_everything_reaches_everything()
    {
        var (reach, orders, database) = Read(new SamplePlan());

        Assert.True(reach.FromBalancer(orders, 8080).IsOpen);
        Assert.True(reach.Between(orders, database, 5432).IsOpen);
    }

    [Fact]
    public void Policy_that_names_no_balancer_stops_it_and_reports_it()
    {
        var plan = new SamplePlan();
        plan.Extra.Add(Policy("orders", ingress: new JsonArray()));

        var (reach, orders, _) = Read(plan);

        Assert.Equal(
            "NetworkPolicy orders-policy has no ingress rule for port 8080 from the balancer", reach.FromBalancer(orders, 8080).StoppedBy);
    }

    [Fact]
    public void Policy_of_the_database_admits_only_whom_it_names()
    {
        var plan = new SamplePlan();
        plan.Extra.Add(Policy("database", ingress: new JsonArray(new JsonObject
        {
            ["from"] = new JsonArray(
                new JsonObject
                {
                    ["podSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app.kubernetes.io/name"] = "somebody" } },
                }),
        })));

        var (reach, orders, database) = Read(plan);

        Assert.Contains(
            "no ingress rule for port 5432 from orders", reach.Between(orders, database, 5432).StoppedBy, StringComparison.Ordinal);
    }

    private static PlanResource Policy(
        string workload, JsonArray ingress) => SamplePlan.Resource(ResourceTypes.NetworkPolicy, workload + "-policy", new()
        {
            ["metadata"] = new JsonObject { ["name"] = workload, ["namespace"] = "orders" },
            ["spec"] = new JsonObject
            {
                ["podSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app.kubernetes.io/name"] = workload } },
                ["policyTypes"] = new JsonArray("Ingress"),
                ["ingress"] = ingress,
            },
        });

    private static (Reachability Reach, WorkloadSpec Orders, WorkloadSpec Database) Read(SamplePlan plan)
    {
        var built = plan.Build();
        var workloads = ManifestReader.Read(built, 1, _ => null).Workloads;
        return (new(built), workloads.Single(w => w.Name == "orders"), workloads.Single(w => w.Name == "database"));
    }
}
