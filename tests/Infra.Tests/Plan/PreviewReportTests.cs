using Candor.Planning;

namespace Candor.Infra.Tests.Planning;

public sealed class PreviewReportTests
{
    [Fact]
    public void Health_settings_stand_side_by_side()
    {
        var text = MarkdownReport.Write(PreviewReport.Of(Samples.Web()));
        Assert.Contains("| interval | 10s · 10s · 20s · 5s | 10s | 10s | 20s | 5s |", text, StringComparison.Ordinal);
        Assert.Contains(
            "| path | /health · /health?scope=local · /healthz · /startupz | /health | /health?scope=local | /healthz | /startupz |",
            text,
            StringComparison.Ordinal);
        Assert.Contains("| port | 8080 | 8080 | http (8080) | http (8080) | http (8080) |", text, StringComparison.Ordinal);
        Assert.DoesNotContain("≠", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Setting_that_differs_from_the_contract_is_marked_with_both_numbers()
    {
        var plan = Samples.Web().With(ResourceTypes.TargetGroup, inputs => inputs["healthCheck"]!["interval"] = 30);
        Assert.Contains("❌ 30s ≠ 10s", MarkdownReport.Write(PreviewReport.Of(plan)), StringComparison.Ordinal);
    }

    [Fact]
    public void Setting_that_nobody_declared_is_marked()
    {
        var plan = Samples.Web().With(ResourceTypes.TargetGroup, inputs => inputs["healthCheck"]!.AsObject().Remove("timeout"));
        Assert.Contains("❌ not set (5s)", MarkdownReport.Write(PreviewReport.Of(plan)), StringComparison.Ordinal);
    }

    [Fact]
    public void Balancer_of_GKE_is_shown_by_its_BackendConfig()
    {
        var plan = Samples.Web();
        plan = (
            plan with
            {
                Resources = [
                    .. plan.Resources.Where(resource => resource.Type is not (
                        ResourceTypes.TargetGroup or ResourceTypes.TargetGroupBinding))],
            })
            .With(ResourceTypes.Service, inputs => inputs["metadata"]!["annotations"] =
                System.Text.Json.Nodes.JsonNode.Parse("""{"cloud.google.com/backend-config":"{\"default\":\"api\"}"}"""))
            .With(Samples.Resource("kubernetes:cloud.google.com/v1:BackendConfig", "api", """
                {"metadata":{"name":"api","namespace":"shop"},"spec":{"connectionDraining":{"drainingTimeoutSec":20},"healthCheck":{"checkIntervalSec":10,"requestPath":"/health"}}}
                """));
        var text = MarkdownReport.Write(PreviewReport.Of(plan));
        Assert.Contains("| interval | 10s · 10s · 20s · 5s | 10s | 10s | 20s | 5s |", text, StringComparison.Ordinal);
        Assert.Contains("| deregistration delay | 30s | ❌ 20s ≠ 30s | BackendConfig |", text, StringComparison.Ordinal);
        Assert.DoesNotContain("fails open below", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Timeline_gives_the_bounds_of_the_contract()
    {
        var text = MarkdownReport.Write(PreviewReport.Of(Samples.Web()));
        Assert.Contains("| balancer stops sending to a failed target | 20s | 35s |", text, StringComparison.Ordinal);
        Assert.Contains("balancer stops sending", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Preview_of_a_plan_without_a_contract_reports_it()
    {
        var text = MarkdownReport.Write(PreviewReport.Of(Samples.Web() with { Contract = null, Resources = [] }));
        Assert.Contains("No workload has a contract", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    public void Markdown_fits_a_comment_whatever_the_size(int services)
    {
        var text = MarkdownReport.Write(PreviewReport.Of(Samples.Services(services)));
        Assert.InRange(text.Length, 1, MarkdownReport.MaximumLength);
        Assert.Matches("… and [0-9]+ more", text);
    }

    [Fact]
    public void Markdown_fits_a_comment_whatever_the_names()
    {
        var name = new string('x', 100_000);
        var plan = Samples.Web() with
        {
            Resources = [.. Enumerable.Range(0, 500).Select(number => Samples.Resource($"a:b:{name}{number}", name, "{}"))],
        };
        Assert.InRange(MarkdownReport.Write(PreviewReport.Of(plan)).Length, 1, MarkdownReport.MaximumLength);
    }

    [Fact]
    public void Picture_as_text_puts_the_window_where_it_belongs()
    {
        var picture = new TimePicture("t", [new("a", "20s–40s", [
            new(TimeSpan.Zero, TimeSpan.FromSeconds(20), TimeBarKind.Waiting),
            new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40), TimeBarKind.Window)])]);
        var line = TimePictureText.Lines(picture)[1];
        Assert.Equal(24, line.Count(character => character == '·'));
        Assert.Equal(24, line.Count(character => character == '▒'));
        Assert.Contains("20s–40s", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Picture_as_SVG_is_well_formed_and_follows_the_readers_scheme()
    {
        var contract = OrdersContract.Default;
        var svg = TimePictureSvg.Draw(PreviewReport.Pictures(Samples.Web(contract)));
        var image = System.Xml.Linq.XDocument.Parse(svg);
        Assert.Equal("svg", image.Root!.Name.LocalName);
        Assert.Contains("prefers-color-scheme: dark", svg, StringComparison.Ordinal);
        Assert.Contains("35s", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("script", svg, StringComparison.OrdinalIgnoreCase);
    }
}
