using System.Collections.Immutable;
using Pulumi;
using Pulumi.Aws.LB;
using Pulumi.Aws.LB.Inputs;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Utilities;

namespace Candor.Infra.Tests.PulumiOffline;

public class MockInputsTests
{
    private readonly RecordingMocks mocks = new();

    [Fact]
    public async Task Inputs_arrive_by_wire_name_with_numbers_as_double_and_without_what_is_not_set()
    {
        await mocks.RunAsync(() => _ = new TargetGroup("orders", new TargetGroupArgs
        {
            Port = 8080,
            DeregistrationDelay = 30,
            HealthCheck = new TargetGroupHealthCheckArgs { Path = "/health", Interval = 10 },
            Tags = { ["team"] = "shop" },
        }));

        var inputs = mocks["orders"].Inputs;
        Assert.Equal(["deregistrationDelay", "healthCheck", "port", "tags"], inputs.Keys.Order());
        Assert.Equal(8080d, inputs["port"]);
        var check = Assert.IsType<ImmutableDictionary<string, object>>(inputs["healthCheck"]);
        Assert.Equal(10d, check["interval"]);
        Assert.Equal(["interval", "path"], check.Keys.Order());
        Assert.Equal("shop", Assert.IsType<ImmutableDictionary<string, object>>(inputs["tags"])["team"]);
    }

    [Fact]
    public async Task Lists_unions_and_enum_values_arrive_plain()
    {
        await mocks.RunAsync(() => _ = new Pulumi.Kubernetes.Core.V1.Service("orders", new ServiceArgs
        {
            Spec = new ServiceSpecArgs
            {
                Type = Pulumi.Kubernetes.Core.V1.ServiceSpecType.ClusterIP,
                Ports =
                {
                    new ServicePortArgs { Port = 80, TargetPort = "http" },
                    new ServicePortArgs { Port = 81, TargetPort = 8081 },
                },
            },
        }));

        var spec = Assert.IsType<ImmutableDictionary<string, object>>(mocks["orders"].Inputs["spec"]);
        Assert.Equal("ClusterIP", spec["type"]);
        var ports = Assert.IsType<ImmutableArray<object>>(spec["ports"]).Cast<ImmutableDictionary<string, object>>().ToList();
        Assert.Equal(["http", 8081d], ports.Select(p => p["targetPort"]));
    }

    [Fact]
    public async Task Kubernetes_objects_say_what_they_are()
    {
        await mocks.RunAsync(() =>
        {
            _ = new Pulumi.Kubernetes.Core.V1.Namespace("shop");
            _ = new Binding("orders");
        });

        Assert.Equal(("kubernetes:core/v1:Namespace", "v1", "Namespace"), KindOf("shop"));
        Assert.Equal(("kubernetes:example.dev/v1beta1:Binding", "example.dev/v1beta1", "Binding"), KindOf("orders"));

        (string?, object, object) KindOf(string name) => (mocks[name].Type, mocks[name].Inputs["apiVersion"], mocks[name].Inputs["kind"]);
    }

    [Fact]
    public async Task Secrets_arrive_plain_and_come_back_by_what_the_state_says()
    {
        var isSecret = false;
        await mocks.RunAsync(() =>
        {
            var secret = Output.CreateSecret("hunter2");
            _ = new ConfigMapOf("settings", secret);
            secret.Apply(async _ => isSecret = await Output.IsSecretAsync(Output.Format($"x{secret}")));
        });

        var data = Assert.IsType<ImmutableDictionary<string, object>>(mocks["settings"].Inputs["data"]);
        Assert.Equal("hunter2", data["value"]);
        Assert.True(isSecret);
    }

    [Fact]
    public async Task Unknown_inputs_are_left_out_of_a_preview_whole_property_by_whole_property()
    {
        await mocks.RunAsync(
            () => _ = new TargetGroup("orders", new TargetGroupArgs
            {
                Port = 8080,
                VpcId = OutputUtilities.CreateUnknown("later"),
                HealthCheck = new TargetGroupHealthCheckArgs { Path = OutputUtilities.CreateUnknown("later"), Interval = 10 },
            }),
            isPreview: true);

        Assert.Equal(["port"], mocks["orders"].Inputs.Keys);
    }

    [Fact]
    public async Task A_missing_required_input_fails_and_is_named()
    {
        var error = await Assert.ThrowsAsync<RunException>(() => mocks.RunAsync(() => _ = new Listener("http", new ListenerArgs
        {
            LoadBalancerArn = "arn",
            DefaultActions = { new ListenerDefaultActionArgs { Order = 1 } },
        })));

        Assert.Contains(
            "[Input] Pulumi.Aws.LB.Inputs.ListenerDefaultActionArgs.Type is required but was not given a value",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Provider_settings_that_are_no_strings_arrive_as_json()
    {
        await mocks.RunAsync(() => _ = new Pulumi.Aws.Provider("aws", new Pulumi.Aws.ProviderArgs
        {
            Region = "eu-central-1",
            DefaultTags = new Pulumi.Aws.Inputs.ProviderDefaultTagsArgs { Tags = { ["team"] = "shop" } },
        }));

        var inputs = mocks["aws"].Inputs;
        Assert.Equal("pulumi:providers:aws", mocks["aws"].Type);
        Assert.Equal("eu-central-1", inputs["region"]);
        Assert.Equal(
            "{\"tags\":{\"team\":\"shop\"}}", Assert.IsType<string>(inputs["defaultTags"]).Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("false", inputs["skipCredentialsValidation"]);
    }

    private sealed class ConfigMapOf(string name, Input<string> value)
        : Pulumi.Kubernetes.Core.V1.ConfigMap(name, new ConfigMapArgs { Data = { ["value"] = value } });

    private sealed class BindingArgs() : Pulumi.Kubernetes.ApiExtensions.CustomResourceArgs("example.dev/v1beta1", "Binding");

    private sealed class Binding(string name) : Pulumi.Kubernetes.ApiExtensions.CustomResource(
        name, new BindingArgs { Metadata = new ObjectMetaArgs { Namespace = "shop" } });
}
