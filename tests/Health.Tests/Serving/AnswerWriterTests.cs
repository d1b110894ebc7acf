using System.Text;
using Candor.Contract;
using Candor.Health.Checks;
using Candor.Health.Serving;
using Candor.Health.State;

namespace Candor.Health.Tests.Serving;

/// <summary>The answer's very text: what is public, and what only the management port may show.</summary>
public sealed class AnswerWriterTests
{
    private static readonly TimeSpan Age = TimeSpan.FromMilliseconds(250);

    private static readonly Verdict Down = new(
        HealthState.NotReady,
        Reason.DependencyDown,
        "database",
        [
            new("database", CheckOutcome.Unhealthy, Reason.DependencyDown, DependencyScope.Shared, TimeSpan.FromSeconds(2), "10.0.0.7 refuses", ["shared", "sql"]),
            new("disk", CheckOutcome.Healthy, Reason.None, DependencyScope.Local, TimeSpan.Zero, null, []),
        ],
        1);

    [Fact]
    public void Public_answer_names_checks_and_reasons_and_no_detail()
    {
        var answer = AnswerWriter.Public(Down, Age);

        Assert.Equal(503, answer.Status);
        Assert.Equal(
            OneLine("""
                {"status":"not ready","ready":false,"reason":"dependency down","age":"250ms","checks":{
                "database":{"status":"unhealthy","reason":"dependency down","duration":"2s","age":"250ms"},
                "disk":{"status":"healthy","reason":null,"duration":"0s","age":"250ms"}},"operations":{}}
                """),
            Text(answer));
    }

    [Fact]
    public void Full_answer_has_scope_detail_and_tags_too()
    {
        var answer = AnswerWriter.Full(Down, Age, null);

        Assert.Equal(503, answer.Status);
        Assert.Equal(
            OneLine("""
                {"status":"not ready","ready":false,"reason":"dependency down","age":"250ms","checks":{
                "database":{"status":"unhealthy","reason":"dependency down","duration":"2s","age":"250ms","scope":"shared","detail":"10.0.0.7 refuses","tags":["shared","sql"]},
                "disk":{"status":"healthy","reason":null,"duration":"0s","age":"250ms","scope":"local","detail":null,"tags":[]}},"operations":{}}
                """),
            Text(answer));
    }

    [Fact]
    public void Full_answer_of_one_tag_has_only_its_checks_and_the_verdict_of_all()
    {
        var answer = AnswerWriter.Full(Down with { State = HealthState.Degraded }, null, "sql");

        Assert.Equal(200, answer.Status);
        Assert.StartsWith("""{"status":"degraded","ready":true,"reason":"dependency down","age":null,"checks":{"database":""", Text(answer), StringComparison.Ordinal);
        Assert.DoesNotContain("disk", Text(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 503)]
    public void Word_is_answered_as_one(bool good, int status)
    {
        var answer = AnswerWriter.Word("alive", good);

        Assert.Equal((status, """{"status":"alive"}"""), (answer.Status, Text(answer)));
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(string.Empty);

    private static string Text(Answer answer) => Encoding.UTF8.GetString([.. answer.Body]);
}
