using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Candor.Contract.Tests;

public sealed class ContractJsonTests
{
    [Fact]
    public void Serialize_any_valid_contract_round_trips_byte_identically() =>
        Prop.ForAll(ContractGenerator.Valid, contract =>
        {
            var json = ContractJson.Serialize(contract);
            var read = ContractJson.Parse(json, "test");
            return read == contract && ContractJson.Serialize(read) == json;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Serialize_writes_every_property_of_every_part()
    {
        var whole = new HealthContract
        {
            Dependencies = [new() { Name = "a", Kind = DependencyKind.Postgres, Port = 1, BacklogLimit = 1, Connections = 1 }],
            Operations =
            [
                new()
                {
                    Name = "a",
                    Route = "POST /",
                    LatencyLimit = TimeSpan.FromSeconds(1),
                    MaximumAge = TimeSpan.FromSeconds(1),
                    Canary = new() { Path = "/", Body = "{}" },
                    Uses = ["a"],
                },
            ],
            Canary = new() { Route = "/" },
        };

        var written = JsonNode.Parse(ContractJson.Serialize(whole))!;

        Assert.Equal([], Missing(whole, written, "contract"));
    }

    [Fact]
    public void Serialize_says_its_schema_version_first() =>
        Assert.StartsWith("{\"schemaVersion\":1,\"port\":8080,", ContractJson.Serialize(new()), StringComparison.Ordinal);

    [Theory]
    [InlineData("2", "schemaVersion is 2, expected at most 1")]
    [InlineData("0", "schemaVersion is 0, expected a whole number from 1 to 1")]
    [InlineData("\"1\"", "schemaVersion is \"1\", expected a whole number from 1 to 1")]
    public void Parse_of_what_a_person_wrote_refuses_another_schema_version(string version, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<InvalidContractException>(() => ContractJson.Parse(
                $$"""{"schemaVersion":{{version}}}""", "candor:health")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void ParseLenient_of_any_valid_contract_with_unknown_keys_anywhere_is_the_contract() =>
        Prop.ForAll(ContractGenerator.Valid, contract =>
        {
            var node = JsonNode.Parse(ContractJson.Serialize(contract))!;
            var added = AddUnknown(node);
            var reading = ContractJson.ParseLenient(node.ToJsonString(), "test");
            return reading.Contract == contract && reading.Ignored.Count == added;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_an_empty_object_is_the_default_contract() => Assert.Equal(new HealthContract(), ContractJson.Parse("{}", "test"));

    [Fact]
    public void Parse_an_unknown_key_names_the_nearest()
    {
        var violation = Assert.Single(Violations("""{"balancer":{"intervall":"10s"}}"""));
        Assert.Equal("balancer.intervall", violation.Path);
        Assert.Contains("\"interval\"", violation.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"operations":[{"name":"a","rout":"GET /"}]}""", "operations[0].rout", "route")]
    [InlineData(
        """{"operations":[{"name":"a","route":"GET /","canary":{"path":"/","intervall":"5s"}}]}""",
        "operations[0].canary.intervall",
        "interval")]
    [InlineData("""{"operationLimits":{"failingshare":0.5}}""", "operationLimits.failingshare", "failingShare")]
    public void Parse_an_unknown_key_of_an_operation_names_the_nearest(string json, string path, string nearest)
    {
        var violation = Assert.Single(Violations(json));
        Assert.Equal(path, violation.Path);
        Assert.Contains($"\"{nearest}\"", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_an_operation_of_nothing_but_a_name_has_every_default()
    {
        var operation = Assert.Single(ContractJson.Parse("""{"operations":[{"name":"deliver"}]}""", "test").Operations);
        Assert.Equal(new() { Name = "deliver" }, operation);
        Assert.True(operation.Critical);
        Assert.True(operation.IsBackground());
    }

    [Fact]
    public void Parse_many_mistakes_lists_all_of_them()
    {
        var paths = Violations(
            """{"port":"http","balancer":{"timeout":5},"drain":[],"routing":{"onSharedFailure":"ejectt"},"nothing":1}""").Select(v => v.Path);
        Assert.Equal(["port", "balancer.timeout", "drain", "routing.onSharedFailure", "nothing"], paths);
    }

    [Theory]
    [InlineData("{", "not JSON at line 1")]
    [InlineData("""{"port":1,"port":2}""", "not JSON")]
    [InlineData("[]", "a JSON object")]
    [InlineData("null", "a JSON object")]
    [InlineData("""{"port":8080.5}""", "a whole number")]
    [InlineData("""{"port":null}""", "a whole number")]
    [InlineData("""{"port":99999999999}""", "a whole number")]
    [InlineData("""{"freshness":"-1s"}""", "a duration")]
    [InlineData("""{"dependencies":{}}""", "a list")]
    [InlineData("""{"dependencies":[{"name":"x"}]}""", "dependencies[0].kind")]
    [InlineData("""{"operations":{}}""", "a list of operations")]
    [InlineData("""{"operations":[{"route":"GET /"}]}""", "operations[0].name")]
    [InlineData("""{"operations":[{"name":"a","critical":"yes"}]}""", "true or false")]
    [InlineData("""{"operations":[{"name":"a","uses":"database"}]}""", "a list of names")]
    [InlineData("""{"operations":[{"name":"a","uses":[5]}]}""", "operations[0].uses[0]")]
    [InlineData("""{"operations":[{"name":"a","route":"GET /","canary":{}}]}""", "operations[0].canary.path")]
    [InlineData("""{"operations":[{"name":"a","route":"GET /","canary":"/"}]}""", "operations[0].canary is \"/\"")]
    public void Parse_what_cannot_be_read_reports_what_was_expected(string json, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<InvalidContractException>(() => ContractJson.Parse(json, "CANDOR_CONTRACT")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Parse_hostile_text_is_refused_without_a_crash() =>
        Prop.ForAll<string>(text =>
        {
            foreach (var json in new[] { text ?? string.Empty, $"{{\"{text}\":1}}", new string('[', 5000) })
            {
                ContractJson.Read(new(), json);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Merge_changes_only_what_it_names()
    {
        var merged = ContractJson.Merge(OrdersContract.Default, """{"balancer":{"interval":"15s"}}""", "candor:health");
        Assert.Equal(
            OrdersContract.Default with { Balancer = OrdersContract.Default.Balancer with { Interval = TimeSpan.FromSeconds(15) } },
            merged);
    }

    [Fact]
    public void Merge_of_dependencies_alone_leaves_operations_that_use_none_that_are_gone()
    {
        var merged = ContractJson.Merge(
            OrdersContract.Default, """{"dependencies":[{"name":"database","kind":"postgres"}]}""", "candor:health");

        Assert.Equal(OrdersContract.Default.Operations.Count, merged.Operations.Count);
        Assert.Equal(["database"], merged.Operations.SelectMany(operation => operation.Uses).Distinct());
    }

    [Fact]
    public void Merge_into_an_invalid_whole_is_refused_with_its_source()
    {
        var exception = Assert.Throws<InvalidContractException>(() => ContractJson.Merge(
            new(), """{"balancer":{"timeout":"20s"}}""", "candor:health"));
        Assert.Contains("candor:health", exception.Message, StringComparison.Ordinal);
        Assert.Contains(
            "HC003 balancer.timeout is 20s, expected less than balancer.interval (10s)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hash_differs_whenever_the_contract_does() =>
        Prop.ForAll(ContractGenerator.Valid, ContractGenerator.Valid, (a, b) => (a == b) == (ContractHash.Of(a) == ContractHash.Of(b)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Hash_is_the_same_on_every_machine() => Assert.Matches("^[0-9a-f]{16}$", ContractHash.Of(OrdersContract.Default));

    private static IEnumerable<string> Missing(object record, JsonNode written, string path)
    {
        foreach (var property in record.GetType().GetProperties().Where(property => property.SetMethod is not null))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (written is not JsonObject keys || keys[name] is not { } value)
            {
                yield return $"{path}.{name}";
                continue;
            }

            var parts = property.GetValue(record) switch
            {
                string or ValueType => [],
                System.Collections.IEnumerable list => list.Cast<object>().Select((item, i) => (item, value[i]!)),
                { } part => [(part, value)],
                null => [],
            };
            foreach (var missing in parts.Where(
                part => part.Item1 is not string).SelectMany(part => Missing(part.Item1, part.Item2, $"{path}.{name}")))
            {
                yield return missing;
            }
        }
    }

    private static int AddUnknown(JsonNode? node)
    {
        var inside = node switch
        {
            JsonObject keys => keys.Select(pair => pair.Value).Sum(AddUnknown),
            JsonArray items => items.Sum(AddUnknown),
            _ => 0,
        };
        if (node is not JsonObject record)
        {
            return inside;
        }

        record["unknownKey"] = new JsonObject { ["port"] = "x" };
        return inside + 1;
    }

    private static IReadOnlyList<Violation> Violations(string json) => ContractJson.Read(new(), json).Violations;
}
