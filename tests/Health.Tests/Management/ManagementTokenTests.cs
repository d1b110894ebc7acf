using System.Net;
using Candor.Health.Management;
using Microsoft.AspNetCore.Http.Features;

namespace Candor.Health.Tests.Management;

/// <summary>Who may change something on the management port.</summary>
public sealed class ManagementTokenTests
{
    private const string Secret = "s3cret-t0ken";

    [Theory]
    [InlineData(Secret, "10.0.0.7", "Bearer s3cret-t0ken", null)]
    [InlineData(Secret, "10.0.0.7", "bearer s3cret-t0ken", null)]
    [InlineData(Secret, "10.0.0.7", "Bearer s3cret-t0ke", 401)]
    [InlineData(Secret, "10.0.0.7", "Basic s3cret-t0ken", 401)]
    [InlineData(Secret, "10.0.0.7", null, 401)]
    [InlineData(Secret, "127.0.0.1", null, null)]
    [InlineData(Secret, "127.0.7.3", null, null)]
    [InlineData(Secret, "::ffff:127.0.7.3", null, null)]
    [InlineData(Secret, "::1", null, null)]
    [InlineData(Secret, "127.0.0.1", "Bearer wrong", 401)]
    [InlineData(null, "127.0.0.1", null, null)]
    [InlineData(null, "10.0.0.7", null, 403)]
    [InlineData("", "10.0.0.7", "Bearer ", 401)]
    [InlineData(Secret, null, null, 401)]
    public void Change_is_allowed_from_the_machine_itself_and_with_the_token(string? token, string? from, string? authorization, int? refused)
    {
        var refusal = Ask(token, from, authorization);

        Assert.Equal(refused, refusal?.Status);
        Assert.DoesNotContain(Secret, refusal?.Json ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Page_in_a_browser_on_the_machine_may_not()
    {
        Assert.Equal(401, Ask(Secret, "127.0.0.1", null, origin: "https://evil.example")?.Status);
    }

    private static (int Status, string Json)? Ask(string? token, string? from, string? authorization, string? origin = null)
    {
        var request = new HttpRequestFeature { Method = "POST", Path = "/drain" };
        request.Headers.Authorization = authorization;
        request.Headers.Origin = origin;
        var features = new FeatureCollection();
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = from is null ? null : IPAddress.Parse(from) });
        return new ManagementToken(token).Refuses(features, request);
    }
}
