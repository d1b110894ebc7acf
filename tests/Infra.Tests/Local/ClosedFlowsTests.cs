using Candor.Local;

namespace Candor.Infra.Tests.Local;

public sealed class ClosedFlowsTests
{
    private readonly List<(LocalEventKind Kind, string Subject, string Message)> _told = [];

    private ClosedFlows Flows => field ??= new((kind, subject, message) => _told.Add((kind, subject, message)));

    [Fact]
    public void Closed_flow_is_told_once_for_all_pods_and_again_when_something_else_closes_it()
    {
        for (var round = 0; round < 3; round++)
        {
            Flows.Needed("orders", "database", 5432, new("NetworkPolicy orders has no egress rule"));
        }

        Flows.Needed("orders", "database", 5432, new("NetworkPolicy database has no ingress rule"));

        Assert.Equal(
            [
                (LocalEventKind.Warning, "orders to database", "port 5432 is needed, but gets no answer: NetworkPolicy orders has no egress rule"),
                (LocalEventKind.Warning, "orders to database", "port 5432 is needed, but gets no answer: NetworkPolicy database has no ingress rule"),
            ],
            _told);
    }

    [Fact]
    public void Open_flow_is_not_told_unless_it_was_closed_before()
    {
        Flows.Needed("orders", "cache", 6379, Passage.Open);
        Assert.Empty(_told);

        Flows.Needed("orders", "cache", 6379, new("NetworkPolicy orders has no egress rule"));
        Flows.Needed("orders", "cache", 6379, Passage.Open);
        Flows.Needed("orders", "cache", 6379, Passage.Open);

        Assert.Equal([LocalEventKind.Warning, LocalEventKind.Progress], _told.Select(told => told.Kind));
        Assert.Equal("port 6379 is open now", _told[1].Message);
    }
}
