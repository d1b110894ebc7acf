using System.Net.Sockets;
using Candor.Health.Checks;
using Candor.Health.Postgres;
using Candor.Health.RabbitMq;
using Candor.Health.Redis;
using Candor.Health.State;
using Candor.Orders.Resilience;
using Npgsql;
using RabbitMQ.Client.Exceptions;

namespace Candor.Health.Tests.Checks;

/// <summary>What exceptions of the client libraries mean.</summary>
public sealed class FailureReasonTests
{
    private static readonly FailureReason Failures = new([new PostgresFailures(), new RabbitMqFailures(), new RedisFailures(), new GuardFailures()]);

    public static TheoryData<Exception, string> Meanings => new()
    {
        { new PostgresException("no", "FATAL", "FATAL", "28P01"), "authentication" },
        { new NpgsqlException("x", new SocketException(111)), "dependency down" },
        { new NpgsqlException("The connection pool has been exhausted, either raise 'Max Pool Size'"), "pool saturated" },
        { new PostgresException("no", "ERROR", "ERROR", "42501"), "refused" },
        { new PostgresException("no", "ERROR", "ERROR", "57014"), "timed out" },
        { new RabbitMQ.Client.Exceptions.PublishException(1, isReturn: true), "refused" },
        { new CircuitOpenException("database", "write", new(Reason.Refused, "25006")), "refused" },
        { new PostgresException("starting up", "FATAL", "FATAL", "57P03"), "dependency down" },
        { new BrokerUnreachableException(new AuthenticationFailureException("refused")), "authentication" },
        { new BrokerUnreachableException(new SocketException(111)), "dependency down" },
        { new CircuitOpenException("database", "read", null), "circuit open" },
        { new TimeoutException(), "timed out" },
        { new OperationCanceledException(), "timed out" },
        { new HttpRequestException("x"), "dependency down" },
        { new InvalidOperationException("x"), "check failed" },
        { new AggregateException(new SocketException(111)), "dependency down" },
    };

    [Theory]
    [MemberData(nameof(Meanings))]
    public void Exception_has_its_meaning(Exception exception, string reason) => Assert.Equal(reason, Failures.Of(exception).Reason.Text());

    [Theory]
    [InlineData("Host=db;Password=hunter2;Database=x")]
    [InlineData("password: hunter2")]
    [InlineData("amqp://guest:hunter2@queue:5672/")]
    [InlineData("redis,password=hunter2,ssl=true")]
    public void Description_keeps_no_credential(string message) =>
        Assert.DoesNotContain("hunter2", FailureReason.Describe(new InvalidOperationException(message)), StringComparison.Ordinal);

    [Fact]
    public void Every_reason_has_a_text_of_its_own()
    {
        var texts = Enum.GetValues<Reason>().Where(reason => reason != Reason.None).Select(reason => reason.Text()).ToList();

        Assert.All(texts, Assert.NotNull);
        Assert.Equal(texts.Count, texts.Distinct().Count());
        Assert.Null(Reason.None.Text());
    }
}
