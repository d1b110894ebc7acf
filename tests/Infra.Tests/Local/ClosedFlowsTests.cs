using Candor.Local;

namespace Candor.Infra.Tests.Local;

public sealed class ClosedFlowsTests
{
    private static readonly FlowAccess _noEgress = new("NetworkPolicy orders has no egress rule");

    private readonly List<(LocalEventKind Kind, string Subject, string Message)> _told = [];

    private ClosedFlows Flows => field ??= new((kind, subject, message) => _told.Add((kind, subject, message)));

    [Fact]
    public void Closed_flows_of_a_start_are_reported_in_one_line_with_their_count()
    {
        Flows.Say(
        [
            new("orders", "database", 5432, _noEgress),
            new("orders", "cache", 6379, _noEgress),
            new("orders", "queue", 5672, FlowAccess.Open),
            new("balancer", "orders", 8080, new("SecurityGroup pods has no ingress rule")),
        ]);

        Assert.Equal(
            (LocalEventKind.Warning,
                "network",
                "3 needed flows are closed by the Plan's rules; connections there time out: "
                + "orders to database, port 5432 (NetworkPolicy orders has no egress rule); "
                + "orders to cache, port 6379 (NetworkPolicy orders has no egress rule); balancer to orders, port 8080 (SecurityGroup "
                + "pods has no ingress rule)"),
            Assert.Single(_told));
    }

    [Fact]
    public void Changed_plan_reports_what_it_closes_and_opens_and_of_nothing_that_stays()
    {
        NeededFlow staying = new("orders", "queue", 5672, _noEgress);
        Flows.Say([staying, new("orders", "cache", 6379, _noEgress)]);
        Flows.Say([staying, new("orders", "cache", 6379, _noEgress)]);
        Assert.Single(_told);

        Flows.Say([staying, new("orders", "cache", 6379, FlowAccess.Open), new("orders", "database", 5432, _noEgress)]);

        Assert.Equal(
            [
                "1 needed flow is closed by the Plan's rules; connections there time out: orders to database, port 5432 (NetworkPolicy "
                    + "orders has no egress rule)",
                "1 needed flow is open now: orders to cache, port 6379",
            ],
            _told.Skip(1).Select(told => told.Message));
    }

    [Fact]
    public void Plan_that_closes_nothing_needed_reports_nothing()
    {
        Flows.Say([new("orders", "cache", 6379, FlowAccess.Open)]);

        Assert.Empty(_told);
    }
}
