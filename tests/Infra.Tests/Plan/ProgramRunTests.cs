using System.Collections.Immutable;
using Candor.Planning;
using Pulumi;

namespace Candor.Infra.Tests.Planning;

[Collection(OneProgramAtATime.Name)]
public sealed class ProgramRunTests
{
    [Fact]
    public async Task Recording_a_stack_notes_what_mocks_cannot_see()
    {
        var plan = await RecordAsync(options => new SmallStack(options));

        var group = plan.Index.Find("demo:group::parts")!;
        var first = plan.Index.Find("demo:thing:Thing::first")!;
        var second = plan.Index.Find("demo:thing:Thing::second")!;
        Assert.True(group.IsComponent);
        Assert.Null(group.Parent);
        Assert.Equal("demo:group::parts", first.Parent);
        Assert.Equal("pulumi:providers:demo::explicit", first.Provider);
        Assert.Equal(["demo:thing:Thing::first"], second.DependsOn);
        Assert.Equal(["spec.replicas"], second.IgnoreChanges);
        Assert.Equal(new PlanTimeouts(TimeSpan.FromMinutes(20), null, null), second.CustomTimeouts);
        Assert.True(first.Protect, "a child without a say of its own follows its parent");
        Assert.False(second.Protect, "a child's own say holds");
    }

    [Fact]
    public async Task Recording_a_stack_resolves_references_to_other_resources()
    {
        var plan = await RecordAsync(options => new SmallStack(options));

        var second = plan.Index.Find("demo:thing:Thing::second")!;
        Assert.Equal("demo:thing:Thing::first", plan.Index.Resolve(second.Inputs["target"].Text)?.Urn);
        Assert.Equal(3, second.Inputs["count"].Number);
        Assert.Equal("3", second.Inputs["count"].ToString());
    }

    [Fact]
    public async Task Recording_twice_gives_the_same_bytes()
    {
        var one = PlanJson.Serialize(await RecordAsync(options => new SmallStack(options)));
        var two = PlanJson.Serialize(await RecordAsync(options => new SmallStack(options)));
        Assert.Equal(one, two);
    }

    [Fact]
    public async Task Secret_output_is_a_token()
    {
        var plan = await RecordAsync(options => new SmallStack(options));
        Assert.Equal("[secret]", plan.Outputs["hidden"].Text);
        Assert.Equal("open", plan.Outputs["shown"].Text);
    }

    [Fact]
    public async Task Environment_of_the_process_is_restored_whatever_happens()
    {
        System.Environment.SetEnvironmentVariable("PULUMI_CONFIG", "{\"kept\":\"yes\"}");
        try
        {
            await Assert.ThrowsAsync<PlanRecordingException>(() => RecordAsync<SmallStack>(
                _ => throw new InvalidOperationException("broken")));
            Assert.Equal("{\"kept\":\"yes\"}", System.Environment.GetEnvironmentVariable("PULUMI_CONFIG"));
        }
        finally
        {
            System.Environment.SetEnvironmentVariable("PULUMI_CONFIG", null);
        }
    }

    [Fact]
    public async Task Program_that_fails_reports_its_own_words()
    {
        var failure = await Assert.ThrowsAsync<PlanRecordingException>(() => RecordAsync<SmallStack>(
            _ => throw new InvalidOperationException("no such bucket")));
        Assert.Contains("no such bucket", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Amazon_names_are_plausible_and_other_resources_find_them()
    {
        var cloud = new Cloud("eu-west-1");
        var (id, state) = cloud.Create(ResourceTypes.TargetGroup, "orders", ImmutableDictionary<string, object>.Empty);
        Assert.Equal(
            $"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/orders/{Cloud.Digits(ResourceTypes.TargetGroup, "orders")}",
            id);
        Assert.Equal(id, state["arn"]);
        Assert.Equal("sg-pods", cloud.Create(ResourceTypes.SecurityGroup, "pods", ImmutableDictionary<string, object>.Empty).Id);
        Assert.Equal("orders/api", cloud.Create(ResourceTypes.Service, "api", ImmutableDictionary<string, object>.Empty
            .Add("metadata", ImmutableDictionary<string, object>.Empty.Add("namespace", "orders"))).Id);
    }

    private static Task<Plan> RecordAsync<TStack>(Func<StackOptions, TStack> create)
        where TStack : Stack =>
        ProgramRun.RecordAsync(
            new StackSettings { Project = "demo", Stack = "test", Config = new Dictionary<string, string>(), SecretKeys = [] },
            create,
            CancellationToken.None);

    private sealed class SmallStack : Stack
    {
        public SmallStack(StackOptions options)
            : base(options)
        {
            var provider = new DemoProvider("explicit");
            var group = new Group("parts", new ComponentResourceOptions { Protect = true, Providers = { provider } });
            var first = new CustomResource("demo:thing:Thing", "first", new ThingArgs(), new CustomResourceOptions { Parent = group });
            _ = new CustomResource("demo:thing:Thing", "second", new ThingArgs { Target = first.Id, Count = 3 }, new CustomResourceOptions
            {
                Parent = group,
                Protect = false,
                DependsOn = { first },
                IgnoreChanges = { "spec.replicas" },
                CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromMinutes(20) },
            });
            Hidden = Output.CreateSecret("hunter2");
            Shown = Output.Create("open");
        }

        [Output("hidden")]
        public Output<string> Hidden { get; private set; }

        [Output("shown")]
        public Output<string> Shown { get; private set; }
    }

    private sealed class DemoProvider(string name) : ProviderResource("demo", name, new ThingArgs(), options: null);

    private sealed class Group(string name, ComponentResourceOptions options) : ComponentResource("demo:group", name, options);

    private sealed class ThingArgs : ResourceArgs
    {
        [Input("target")]
        public Input<string>? Target { get; set; }

        [Input("count")]
        public Input<int>? Count { get; set; }
    }
}

/// <summary>Pulumi reads its config from the environment of the process, so tests that set it run one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneProgramAtATime
{
    public const string Name = "process config";
}
