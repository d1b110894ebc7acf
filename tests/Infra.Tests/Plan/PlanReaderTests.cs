using System.Text;
using Candor.Planning;

namespace Candor.Infra.Tests.Planning;

public sealed class PlanReaderTests
{
    private const string Secret = """{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","plaintext":"\"hunter2\""}""";

    private const string Stack =
        """{"urn":"urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod","custom":false,"type":"pulumi:pulumi:Stack","outputs":{"url":"http://x","password":SECRET}}""";

    private const string TargetGroup = """
        {"urn":"urn:pulumi:prod::shop::shop:web$aws:lb/targetGroup:TargetGroup::api","custom":true,"type":"aws:lb/targetGroup:TargetGroup",
         "id":"","parent":"urn:pulumi:prod::shop::shop:web::web","provider":"urn:pulumi:prod::shop::pulumi:providers:aws::main::0123",
         "protect":true,"inputs":{"__defaults":["slowStart","name"],"name":"api-77","slowStart":0,"port":8080,"healthCheck":{"path":"/health","__defaults":["timeout"],"timeout":5}}}
        """;

    private const string Listener = """
        {"urn":"urn:pulumi:prod::shop::aws:lb/listener:Listener::http","custom":true,"type":"aws:lb/listener:Listener",
         "inputs":{"targetGroupArn":"04da6b54-80e4-46f7-96ec-b56ff0331ba9","secret":SECRET},
         "propertyDependencies":{"targetGroupArn":["urn:pulumi:prod::shop::shop:web$aws:lb/targetGroup:TargetGroup::api"]}}
        """;

    private static string Preview => Filled("""
        {"steps":[{"op":"create","newState":STACK},{"op":"create","newState":GROUP},{"op":"create","newState":LISTENER},{"op":"delete","oldState":STACK}]}
        """);

    private static string Export => Filled("""{"version":3,"deployment":{"resources":[STACK,GROUP,LISTENER]}}""");

    [Fact]
    public void Plan_that_was_written_is_read_back_equal()
    {
        var plan = Samples.Web() with { Environment = "prod", Waivers = new Dictionary<string, string> { ["HC007"] = "chosen" } };
        var text = PlanJson.Serialize(plan);
        var read = Read(text);
        Assert.Equal(plan, read);
        Assert.Equal(text, PlanJson.Serialize(read));
    }

    [Theory]
    [MemberData(nameof(PulumiTexts))]
    public void Pulumi_output_becomes_a_plan(string text)
    {
        var plan = Read(text);

        Assert.Equal(("shop", "prod"), (plan.Project, plan.Stack));
        Assert.Equal("http://x", plan.Outputs["url"].Text);
        var group = Assert.Single(plan.Index.OfType(ResourceTypes.TargetGroup));
        Assert.True(group.Protect);
        Assert.Equal("pulumi:providers:aws::main", group.Provider);
        Assert.Null(group.Parent);
        Assert.Equal("/health", group.Inputs["healthCheck"]["path"].Text);
    }

    [Theory]
    [MemberData(nameof(PulumiTexts))]
    public void Pulumi_output_does_not_pass_off_a_provider_default_as_declared(string text)
    {
        var group = Assert.Single(Read(text).Index.OfType(ResourceTypes.TargetGroup));
        Assert.False(group.Inputs["healthCheck"]["timeout"].Exists);
        Assert.False(group.Inputs["slowStart"].Exists);
        Assert.Equal("api-77", group.Inputs["name"].Text);
    }

    [Theory]
    [MemberData(nameof(PulumiTexts))]
    public void Pulumi_output_with_an_unknown_id_still_shows_what_refers_to_it(string text)
    {
        var plan = Read(text);
        var listener = Assert.Single(plan.Index.OfType(ResourceTypes.Listener));
        Assert.Equal("aws:lb/targetGroup:TargetGroup::api", plan.Index.Resolve(listener.Inputs["targetGroupArn"].Text)?.Urn);
    }

    [Theory]
    [MemberData(nameof(PulumiTexts))]
    public void Secret_of_Pulumi_output_never_reaches_the_plan(string text)
    {
        var json = PlanJson.Serialize(Read(text));
        Assert.DoesNotContain("hunter2", json, StringComparison.Ordinal);
        Assert.Contains("[secret]", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kubernetes:core/v1:Secret", """{"stringData":{"a.b":"hunter2"},"data":{"c":"hunter2"}}""")]
    [InlineData("aws:rds/instance:Instance", """{"password":"hunter2"}""")]
    [InlineData("aws:mq/broker:Broker", """{"users":[{"username":"u","password":"hunter2"}]}""")]
    [InlineData("aws:secretsmanager/secretVersion:SecretVersion", """{"secretString":"{\"a\":\"hunter2\"}","secretBinary":"hunter2"}""")]
    [InlineData("aws:ssm/parameter:Parameter", """{"type":"SecureString","value":"hunter2"}""")]
    [InlineData("aws:elasticache/user:User", """{"passwords":["hunter2"]}""")]
    [InlineData("aws:glue/connection:Connection", """{"connectionProperties":{"any":{"thing":"hunter2"}}}""")]
    [InlineData("pulumi:providers:aws", """{"secretKey":"hunter2","token":"hunter2","accessKey":"hunter2"}""")]
    [InlineData("pulumi:providers:kubernetes", """{"kubeconfig":"users: [{user: {token: hunter2}}]"}""")]
    [InlineData("eks:index:Consumer", """{"spec":{"kubeconfig":{"users":[{"user":{"exec":["hunter2"]}}]}}}""")]
    [InlineData(
        "kubernetes:core/v1:ConfigMap", """{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"hunter2"}}}""")]
    [InlineData("random:index:Other", """{"nested":{"apiToken":"hunter2","clientSecret":"hunter2","adminPasswordWo":"hunter2"}}""")]
    public void Password_that_the_program_forgot_to_mark_never_reaches_the_plan(string type, string inputs)
    {
        var text = """{"steps":[{"newState":{"urn":"urn:pulumi:s::p::TYPE::x","custom":true,"inputs":INPUTS}}]}"""
            .Replace("TYPE", type, StringComparison.Ordinal).Replace("INPUTS", inputs, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", PlanJson.Serialize(Read(text)), StringComparison.Ordinal);
    }

    [Fact]
    public void Property_that_the_state_lists_as_secret_never_reaches_the_plan_nor_its_difference()
    {
        const string Text = """
            {"steps":[{"newState":{"urn":"urn:pulumi:s::p::vendor:index:Thing::x","custom":true,"additionalSecretOutputs":["odd"],
            "inputs":{"odd":{"deep":"VALUE"},"even":"shown"}}}]}
            """;
        var was = Read(Text.Replace("VALUE", "hunter2", StringComparison.Ordinal));
        var willBe = Read(Text.Replace("VALUE", "hunter3", StringComparison.Ordinal).Replace("shown", "seen", StringComparison.Ordinal));

        Assert.DoesNotContain("hunter", PlanJson.Serialize(was), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", MarkdownReport.Write(DiffReport.Of(PlanDiff.Of(was, willBe))), StringComparison.Ordinal);
        Assert.Contains("seen", PlanJson.Serialize(willBe), StringComparison.Ordinal);
    }

    [Fact]
    public void Stack_output_that_is_called_a_secret_never_reaches_the_plan()
    {
        var plan = Read("""
            {"steps":[{"newState":{"urn":"urn:pulumi:s::p::pulumi:pulumi:Stack::p-s","custom":false,
            "outputs":{"kubeconfig":{"users":["hunter2"]},"dbPassword":"hunter2","url":"http://x"}}}]}
            """);

        Assert.DoesNotContain("hunter2", PlanJson.Serialize(plan), StringComparison.Ordinal);
        Assert.Equal("http://x", plan.Outputs["url"].Text);
    }

    [Theory]
    [InlineData("kubernetes:external-secrets.io/v1:ExternalSecret", """{"spec":{"data":[{"secretKey":"shown"}]}}""")]
    [InlineData(
        "kubernetes:apps/v1:Deployment",
        """{"spec":{"secretName":"shown","serviceAccountToken":{"path":"shown"},"passwordFile":"shown"}}""")]
    [InlineData("aws:rds/instance:Instance", """{"masterUserSecretKmsKeyId":"shown"}""")]
    public void What_only_names_a_secret_is_shown(string type, string inputs)
    {
        var text = """{"steps":[{"newState":{"urn":"urn:pulumi:s::p::TYPE::x","custom":true,"inputs":INPUTS}}]}"""
            .Replace("TYPE", type, StringComparison.Ordinal).Replace("INPUTS", inputs, StringComparison.Ordinal);

        Assert.DoesNotContain("[secret]", PlanJson.Serialize(Read(text)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "an array, expected an object")]
    [InlineData("{}", "none of the keys resources")]
    [InlineData("""{"project":"a","stack":"b","resources":[],"outputz":{}}""", "did you mean outputs?")]
    [InlineData("""{"project":"a","stack":"b","resources":[],"resources":[]}""", "a property twice")]
    [InlineData("""{"stack":"b","resources":[]}""", "has no project")]
    [InlineData(
        """{"project":"a","stack":"b","resources":[{"type":"t","name":7,"inputs":{}}]}""",
        "resources[0].name is a number, expected a text")]
    [InlineData("""{"project":"a","stack":"b","resources":[{"type":"t","name":"n"}]}""", "has no inputs")]
    [InlineData(
        """{"project":"a","stack":"b","resources":[{"type":"t","name":"n","inputs":{"a":"\ud800"}}]}""", "half of a surrogate pair")]
    [InlineData("""{"project":"a","stack":"b","resources":[{"type":"t","name":"n","inputs":{"a":1e999}}]}""", "out of range")]
    [InlineData(
        """{"project":"a","stack":"b","resources":[{"type":"t","name":"n","inputs":{}},{"type":"t","name":"n","inputs":{}}]}""",
        "lists t::n twice")]
    [InlineData("""{"project":"a","stack":"b","resources":[],"contract":{"port":"x"}}""", "contract cannot be read")]
    [InlineData("""{"steps":[]}""", "lists no resource")]
    [InlineData("""{"steps":[{"newState":{"urn":"nonsense"}}]}""", "is no URN")]
    [InlineData("""{"deployment":null}""", "never deployed")]
    public void Text_that_is_no_plan_is_refused_with_what_is_wrong(string text, string expected)
    {
        var refusal = Assert.Throws<PlanFormatException>(() => Read(text));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("sample.json", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parents_in_a_circle_are_refused()
    {
        var refusal = Assert.Throws<PlanFormatException>(() => Read("""
            {"project":"a","stack":"b","resources":[
              {"type":"t","name":"a","parent":"t::b","inputs":{}},{"type":"t","name":"b","parent":"t::a","inputs":{}}]}
            """));
        Assert.Contains("form a cycle", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endless_input_is_given_up_on()
    {
        var refusal = await Assert.ThrowsAsync<PlanFormatException>(() => PlanReader.ReadAsync(
            new EndlessStream(), "endless", CancellationToken.None));
        Assert.Contains("larger than 64 MiB", refusal.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> PulumiTexts => [Preview, Export];

    private static string Filled(string template) => template
        .Replace("STACK", Stack, StringComparison.Ordinal)
        .Replace("GROUP", TargetGroup, StringComparison.Ordinal)
        .Replace("LISTENER", Listener, StringComparison.Ordinal)
        .Replace("SECRET", Secret, StringComparison.Ordinal);

    internal static Plan Read(string text) => PlanReader.Read(Encoding.UTF8.GetBytes(text), "sample.json");

    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Array.Fill(buffer, (byte)'[', offset, count);
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
