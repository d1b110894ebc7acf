using Candor.Doctor.Model;

namespace Candor.Doctor.Tests.Output;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("Host=db;Username=orders;Password=hunter2;Timeout=5", "hunter2")]
    [InlineData("amqp://orders:hunter2@queue:5672/ refused", "hunter2")]
    [InlineData("amqp://orders:hun:ter2/@queue:5672/ refused", "ter2")]
    [InlineData("""{"password":"hunter2","user":"x"}""", "hunter2")]
    [InlineData("""{\"password\":\"hunter2\",\"user\":\"x\"}""", "hunter2")]
    [InlineData("Authorization: Bearer abcdefghijklmnop", "abcdefghijklmnop")]
    [InlineData("AWS_SECRET_ACCESS_KEY=abc/def+ghi", "abc/def")]
    [InlineData("key AKIAABCDEFGHIJKLMNOP is used", "AKIAABCDEFGHIJKLMNOP")]
    [InlineData("token eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl ends", "eyJhbGciOiJI")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----", "MIIEow")]
    public void Credential_is_masked(string text, string secret)
    {
        var safe = SafeText.Of(text);
        Assert.DoesNotContain(secret, safe, StringComparison.Ordinal);
        Assert.Contains("***", safe, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("28P01: password authentication failed for user \"orders\"")]
    [InlineData("ConnectionStrings__queue is not set; expected an AMQP URI")]
    [InlineData("couldn't find key ConnectionStrings__queue in Secret orders/orders")]
    [InlineData("dial tcp 10.244.0.24:8080: connect: connection refused")]
    public void What_shows_the_cause_stays(string text) => Assert.Equal(text, SafeText.Of(text));

    [Fact]
    public void Control_characters_and_length_are_bounded()
    {
        var safe = SafeText.Of("a\u001b[31mred\u202e\r\n" + new string('x', 5000));
        Assert.DoesNotContain(safe, char.IsControl);
        Assert.DoesNotContain('\u202e', safe);
        Assert.True(safe.Length < 700);
    }
}
