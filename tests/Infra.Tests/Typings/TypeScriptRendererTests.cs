using Candor.Infra.Tests.Planning;
using Candor.Planning;

namespace Candor.Infra.Tests.Typings;

public class TypeScriptRendererTests
{
    [Fact]
    public void Every_property_has_a_line_that_knows_where_it_comes_from()
    {
        var program = TypeScriptRenderer.Render(Samples.Web());

        var lines = program.Text.Split('\n');
        var at = program.Lines.ToList().FindIndex(line => line?.Property == "spec.ports[0].targetPort");
        Assert.Equal("targetPort: \"http\",", lines[at]);
        Assert.Equal("kubernetes:core/v1:Service::api", program.Lines[at]!.Resource);
        Assert.Equal(program.Lines.Count, lines.Length - 1);
    }

    [Fact]
    public void Resources_come_from_the_module_of_their_type_token()
    {
        var program = TypeScriptRenderer.Render(Samples.Web());

        Assert.Contains("import { TargetGroup as T", program.Text, StringComparison.Ordinal);
        Assert.Contains("from \"@pulumi/aws/lb/targetGroup\";", program.Text, StringComparison.Ordinal);
        Assert.Contains("from \"@pulumi/kubernetes/apps/v1/deployment\";", program.Text, StringComparison.Ordinal);
        Assert.Contains("from \"@pulumi/kubernetes/apiextensions/customResource\";", program.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_a_provider_are_given_as_they_were_before_they_became_json_text()
    {
        var plan = Samples.Web() with
        {
            Resources =
            [
                new()
                {
                    Type = "pulumi:providers:aws",
                    Name = "aws",
                    Inputs = PlanValue.Parse(
                        """{"region":"eu-central-1","insecure":"false","defaultTags":"{ \"tags\": { \"team\": \"shop\" } }"}"""),
                },
            ],
        };

        var text = TypeScriptRenderer.Render(plan).Text;

        Assert.Contains("region: \"eu-central-1\",", text, StringComparison.Ordinal);
        Assert.Contains("insecure: false,", text, StringComparison.Ordinal);
        Assert.Contains("team: \"shop\",", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Components_and_types_of_no_package_are_left_out()
    {
        var plan = Samples.Web() with
        {
            Resources = [new() { Type = "candor:index:Workload", Name = "orders", IsComponent = true, Inputs = PlanValue.EmptyObject }],
        };

        Assert.Empty(TypeScriptRenderer.Render(plan).Declared);
    }
}
