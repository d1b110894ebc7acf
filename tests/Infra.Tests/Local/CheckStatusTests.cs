using Candor.Local;

namespace Candor.Infra.Tests.Local;

/// <summary>The balancer's checks in a person's words: silence, refusal and an answer are three things.</summary>
public sealed class CheckStatusTests
{
    [Theory]
    [InlineData("L7OK", "200", "OK", "answered 200")]
    [InlineData("L7STS", "503", "Service Unavailable", "answered 503")]
    [InlineData("* L7STS", "404", "", "answered 404")]
    [InlineData("L4TOUT", "", "", "no connection within the timeout")]
    [InlineData("L4CON", "", "Connection refused", "no connection: Connection refused")]
    [InlineData("L4CON", "", "", "no connection: refused, or no route")]
    [InlineData("L7TOUT", "", "", "no answer within the timeout")]
    [InlineData("L7RSP", "", "TCPCHK got an empty response", "no valid HTTP answer")]
    [InlineData("INI", "", "", "not checked yet")]
    [InlineData("SOCKERR", "", "General socket error", "SOCKERR General socket error")]
    public void Check_is_told_by_what_came_of_it(string status, string answer, string detail, string expected) =>
        Assert.Equal(expected, CheckStatus.Describe(status, answer, detail));
}
