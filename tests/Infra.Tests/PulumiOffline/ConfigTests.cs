using Candor.Infra.Tests.Planning;
using Pulumi;

namespace Candor.Infra.Tests.PulumiOffline;

/// <summary>The engine hands configuration over in the process's environment, so these tests must not run beside others that do.</summary>
[Collection(OneProgramAtATime.Name)]
public sealed class ConfigTests : IDisposable
{
    private readonly string? before = Environment.GetEnvironmentVariable("PULUMI_CONFIG");

    public ConfigTests() => Environment.SetEnvironmentVariable(
        "PULUMI_CONFIG", """{"project:port":"8080","project:tls":"true","project:names":"[\"a\",\"b\"]","other:config:zone":"z1"}""");

    public void Dispose() => Environment.SetEnvironmentVariable("PULUMI_CONFIG", before);

    [Fact]
    public async Task Values_are_read_by_their_type()
    {
        await new RecordingMocks().RunAsync(() =>
        {
            var config = new Config();
            Assert.Equal(8080, config.RequireInt32("port"));
            Assert.True(config.RequireBoolean("tls"));
            Assert.Equal(["a", "b"], config.RequireObject<string[]>("names"));
            Assert.Null(config.Get("missing"));
            Assert.Equal("z1", new Config("other").Require("zone"));
        });
    }

    [Fact]
    public async Task A_missing_value_fails_with_its_key()
    {
        var error = await Assert.ThrowsAsync<RunException>(() => new RecordingMocks().RunAsync(() => new Config().Require("domain")));

        Assert.Equal(
            "Missing Required configuration variable 'project:domain'\n\tplease set a value using the command `pulumi config set "
                + "project:domain <value>`",
            error.Message);
    }

    [Fact]
    public async Task A_value_of_the_wrong_type_fails_with_key_value_and_type()
    {
        var error = await Assert.ThrowsAsync<RunException>(() => new RecordingMocks().RunAsync(() => new Config().RequireInt32("tls")));

        Assert.Equal("Configuration 'project:tls' value 'true' is not a valid Int32", error.Message);
    }

    [Fact]
    public async Task A_required_secret_is_a_secret()
    {
        await new RecordingMocks().RunAsync(() => new Config().RequireSecret("port").Apply(async port =>
        {
            Assert.Equal("8080", port);
            Assert.True(await Output.IsSecretAsync(new Config().RequireSecret("port")));
        }));
    }
}
