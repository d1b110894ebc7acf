using Pulumi;
using Pulumi.Aws.LB;
using Pulumi.Utilities;

namespace Candor.Infra.Tests.PulumiOffline;

public class MockResourceTreeTests
{
    private readonly RecordingMocks mocks = new();

    [Fact]
    public async Task Children_of_a_component_are_parented_to_it_and_seen_by_the_stacks_transformations()
    {
        var resources = await mocks.RunAsync<TransformedStack>();

        var urn = await OutputUtilities.GetValueAsync(resources.OfType<TargetGroup>().Single().Urn);
        Assert.EndsWith("$aws:lb/targetGroup:TargetGroup::orders", urn, StringComparison.Ordinal);
        Assert.Equal(
            ["project-stack: ", "balancer: ", "orders: balancer protect"],
            resources.OfType<TransformedStack>().Single().Seen);
    }

    [Fact]
    public async Task Explicit_dependencies_are_registered_first_also_those_inside_a_component()
    {
        await mocks.RunAsync(() =>
        {
            var gate = new TaskCompletionSource<string>();
            var balancer = new Balancer("balancer", Output.Create(gate.Task));
            _ = new LoadBalancer("after", new LoadBalancerArgs(), new CustomResourceOptions { DependsOn = { balancer } });
            gate.SetResult("10.0.0.1");
        });

        Assert.Equal(["balancer", "orders", "after"], mocks.Resources.Select(r => r.Name));
    }

    [Fact]
    public async Task Children_use_the_provider_of_their_component()
    {
        await mocks.RunAsync(() =>
        {
            var provider = new Pulumi.Aws.Provider("aws", new Pulumi.Aws.ProviderArgs { Region = "eu-central-1" });
            _ = new Balancer("balancer", "10.0.0.1", new ComponentResourceOptions { Providers = { provider } });
        });

        Assert.EndsWith("pulumi:providers:aws::aws::aws-id", mocks["orders"].Provider, StringComparison.Ordinal);
        Assert.True(string.IsNullOrEmpty(mocks["balancer"].Provider));
    }

    [Fact]
    public async Task Options_passed_in_stay_as_the_program_made_them()
    {
        var options = new CustomResourceOptions
        {
            IgnoreChanges = { "tags" },
            CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromMinutes(5) },
        };
        await mocks.RunAsync(() => _ = new TargetGroup("orders", options: options));

        Assert.Null(options.Provider);
        Assert.Equal(["tags"], options.IgnoreChanges);
        Assert.Null(options.Version);
    }

    private sealed class Balancer : ComponentResource
    {
        public Balancer(string name, Input<string> vpcId, ComponentResourceOptions? options = null)
            : base("candor:test:Balancer", name, options)
        {
            _ = new TargetGroup("orders", new TargetGroupArgs { VpcId = vpcId }, new CustomResourceOptions { Parent = this });
            RegisterOutputs();
        }
    }

    private sealed class TransformedStack : Stack
    {
        public TransformedStack()
            : this([])
        {
        }

        private TransformedStack(List<string> seen)
            : base(new StackOptions { ResourceTransformations = { args => Note(args, seen) } })
        {
            Seen = seen;
            _ = new Balancer("balancer", "vpc-1", new ComponentResourceOptions { Protect = null });
        }

        public List<string> Seen { get; }

        private static ResourceTransformationResult? Note(ResourceTransformationArgs args, List<string> seen)
        {
            seen.Add(
                $"{args.Resource.GetResourceName()}: "
                    + $"{args.Options.Parent?.GetResourceName()}{(args.Resource is TargetGroup ? " protect" : "")}");
            if (args.Resource is TargetGroup)
            {
                args.Options.Protect = true;
            }
            return new ResourceTransformationResult(args.Args, args.Options);
        }
    }
}
