using System.Text;
using System.Text.Json.Nodes;
using Candor.Planning;
using Candor.Planning.Lint;
using FsCheck;
using FsCheck.Fluent;

namespace Candor.Infra.Tests.Planning;

/// <summary>Whatever the text, reading it gives a Plan or says why not; it never fails in any other way.</summary>
public sealed class PlanReaderFuzz
{
    private static readonly byte[] Good = Encoding.UTF8.GetBytes(PlanJson.Serialize(Samples.Web()));

    private static readonly string[] Keys =
    [
        "project", "stack", "contract", "timeline", "resources", "outputs", "steps", "deployment", "newState", "urn", "type", "name",
        "inputs", "parent",
        "dependsOn", "customTimeouts", "create", "propertyDependencies", "4dabf18193072939515e22adb298388d", "__defaults", "provider",
        "custom",
    ];

    private static readonly string[] Odd =
        [
            "null",
            "true",
            "-1",
            "0.5",
            "1e300",
            "2147483647",
            "\"\"",
            "\"x\"",
            "\"99999999h\"",
            "\"100%\"",
            "[]",
            "[null]",
            "[[1]]",
            "{}",
            "{\"a\":{\"b\":1}}",
            "[{\"name\":7}]",
        ];

    [Fact]
    public void Truncated_plan_is_refused() =>
        Prop.ForAll(Gen.Choose(0, Good.Length - 3).ToArbitrary(), length =>
            Assert.Throws<PlanFormatException>(() => PlanReader.Read(Good.AsSpan(0, length), "cut"))).QuickCheckThrowOnFailure();

    [Fact]
    public void Plan_with_a_byte_changed_is_read_or_refused() =>
        Prop.ForAll(Gen.Zip(Gen.Choose(0, Good.Length - 1), Gen.Choose(0, 255)).ToArbitrary(), change =>
        {
            var bytes = Good.ToArray();
            bytes[change.Item1] = (byte)change.Item2;
            return ReadsOrRefuses(bytes);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_JSON_with_the_keys_of_a_plan_is_read_or_refused() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2000),
            Prop.ForAll(
                Json(4).Select(node => node?.ToJsonString() ?? "null").ToArbitrary(),
                text => ReadsOrRefuses(Encoding.UTF8.GetBytes(text))));

    /// <summary>A good Plan in which any one value is another: the rules and reports meet what they do not expect.</summary>
    [Fact]
    public void Plan_with_any_value_replaced_is_read_or_refused() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(Gen.Zip(Gen.Choose(0, int.MaxValue), Gen.Elements(Odd)).ToArbitrary(), choice =>
            {
                var root = JsonNode.Parse(Good)!;
                var places = Places(root).ToList();
                var (holder, key) = places[choice.Item1 % places.Count];
                if (holder is JsonArray list)
                {
                    list[(int)key] = JsonNode.Parse(choice.Item2);
                }
                else
                {
                    holder[(string)key] = JsonNode.Parse(choice.Item2);
                }

                return ReadsOrRefuses(Encoding.UTF8.GetBytes(root.ToJsonString()));
            }));

    [Theory]
    [InlineData("10s", "400000000000s")]
    [InlineData("\"failureThreshold\": 3", "\"failureThreshold\": 2147483647")]
    [InlineData("\"replicas\": 2", "\"replicas\": 2147483647")]
    [InlineData("\\\"/healthz\\\"", "\\\"\\\\ud800\\\"")]
    public void Plan_with_endless_numbers_is_read_or_refused(string good, string odd) =>
        Assert.True(ReadsOrRefuses(Encoding.UTF8.GetBytes(Replaced(Encoding.UTF8.GetString(Good), good, odd))));

    [Fact]
    public void Any_nesting_is_read_or_refused() =>
        Prop.ForAll(Gen.Choose(1, 100_000).ToArbitrary(), depth =>
            ReadsOrRefuses(Encoding.UTF8.GetBytes("{\"resources\":" + new string('[', depth)))).QuickCheckThrowOnFailure();

    private static string Replaced(string text, string good, string odd)
    {
        Assert.Contains(good, text, StringComparison.Ordinal);
        return text.Replace(good, odd, StringComparison.Ordinal);
    }

    private static IEnumerable<(JsonNode Holder, object Key)> Places(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(member => Places(member.Value).Prepend((map, member.Key))),
        JsonArray list => list.SelectMany((item, index) => Places(item).Prepend((list, index))),
        _ => [],
    };

    private static bool ReadsOrRefuses(byte[] text)
    {
        Plan plan;
        try
        {
            plan = PlanReader.Read(text, "fuzz");
        }
        catch (PlanFormatException)
        {
            return true;
        }

        // What was read can be used: written, shown, held against the rules and compared.
        return PlanJson.Serialize(plan).Length > 0
            && Linter.Lint(plan).Resources == plan.Resources.Count
            && MarkdownReport.Write(PreviewReport.Of(plan)).Length <= MarkdownReport.MaximumLength
            && MarkdownReport.Write(DiffReport.Of(PlanDiff.Of(Samples.Web(), plan))).Length <= MarkdownReport.MaximumLength
            && TimePictureSvg.Draw(PreviewReport.Pictures(plan)).Length > 0;
    }

    private static Gen<JsonNode?> Json(int depth)
    {
        var leaf = Gen.OneOf(
            Gen.Constant<JsonNode?>(null),
            Gen.Choose(-3, 70000).Select(number => (JsonNode?)JsonValue.Create(number)),
            Gen.Elements(true, false).Select(truth => (JsonNode?)JsonValue.Create(truth)),
            Gen.Elements(
                "",
                "a",
                "urn:pulumi:s::p::t::n",
                "urn:pulumi:s::p::pulumi:pulumi:Stack::n",
                "10m",
                "1b47061264138c4ac30d75fd1eb44270",
                "[secret]")
                .Select(text => (JsonNode?)JsonValue.Create(text)));
        if (depth == 0)
        {
            return leaf;
        }

        var inner = Json(depth - 1);
        var list = Gen.ListOf(inner, 3).Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())]));
        var map = Gen.ListOf(Gen.Zip(Gen.Elements(Keys), inner), 5).Select(pairs => (JsonNode?)new JsonObject(
            pairs.DistinctBy(pair => pair.Item1).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2?.DeepClone()))));
        return Gen.Frequency((1, leaf), (2, list), (5, map));
    }
}
