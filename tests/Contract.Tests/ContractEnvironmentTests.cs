namespace Candor.Contract.Tests;

public sealed class ContractEnvironmentTests
{
    [Fact]
    public void Load_without_variables_uses_the_fallback_at_normal_speed()
    {
        var environment = ContractEnvironment.Load(_ => null, OrdersContract.Default);
        Assert.Equal(OrdersContract.Default, environment.Effective);
        Assert.Equal(1, environment.Speed);
    }

    [Fact]
    public void Load_with_a_speed_scales_what_runs_and_keeps_the_hash()
    {
        var json = ContractJson.Serialize(OrdersContract.Default);
        var environment = ContractEnvironment.Load(name => name == "CANDOR_SPEED" ? "10" : json, new());
        Assert.Equal(TimeSpan.FromSeconds(1), environment.Effective.Balancer.Interval);
        Assert.Equal(ContractHash.Of(OrdersContract.Default), environment.Hash);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("fast")]
    [InlineData("-2")]
    [InlineData("0.99")]
    public void Load_with_a_speed_that_is_none_names_the_variable_and_the_value(string speed)
    {
        var exception = Assert.Throws<InvalidContractException>(() => ContractEnvironment.Load(
            name => name == "CANDOR_SPEED" ? speed : null, new()));
        Assert.Contains(
            $"CT011 CANDOR_SPEED is \"{speed}\", expected a number of 1 or more: Every duration is divided by it. Fix: Unset it, or "
                + "write a number such as 5.",
            exception.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Load_with_speed_1_changes_nothing() =>
        Assert.Equal(
            OrdersContract.Default,
            ContractEnvironment.Load(name => name == "CANDOR_SPEED" ? "1" : null, OrdersContract.Default).Effective);

    [Fact]
    public void Load_with_a_newer_stacks_contract_starts_with_what_is_known_and_reports_once_what_is_not()
    {
        var json = ContractJson.Serialize(OrdersContract.Default with { Port = 8081 })
            .Replace("\"schemaVersion\":1", "\"schemaVersion\":2,\"futurePart\":{\"a\":1}", StringComparison.Ordinal)
            .Replace("\"onSharedFailure\":\"balancerOnly\"", "\"onSharedFailure\":\"askTheOracle\",\"quorum\":3", StringComparison.Ordinal);

        var environment = ContractEnvironment.Load(name => name == "CANDOR_CONTRACT" ? json : null, new());

        Assert.Equal(OrdersContract.Default with { Port = 8081 }, environment.Contract);
        Assert.Equal(
            "CANDOR_CONTRACT has 3 properties unknown to this version of Candor (ignored): futurePart, "
            + "routing.onSharedFailure: \"askTheOracle\", routing.quorum. The stack was deployed with another version than the image.",
            environment.Notice);
    }

    [Fact]
    public void Load_with_a_newer_stacks_contract_has_the_hash_that_the_stack_was_deployed_with()
    {
        var json = ContractJson.Serialize(new())
            .Replace("{\"schemaVersion\":1", "{\"schemaVersion\":2,\"futurePart\":[]", StringComparison.Ordinal);

        var environment = ContractEnvironment.Load(name => name == "CANDOR_CONTRACT" ? json : null, new());

        Assert.Equal(ContractHash.OfText(json), environment.Hash);
        Assert.NotEqual(ContractHash.Of(environment.Contract), environment.Hash);
        Assert.Equal(json, environment.Text);
    }

    [Fact]
    public void Load_with_an_older_stacks_contract_has_defaults_for_what_it_lacks_and_the_older_hash()
    {
        const string Old = """{"port":8081,"managementPort":9090,"routing":{"onSharedFailure":"eject","minimumHealthyTargets":1}}""";

        var environment = ContractEnvironment.Load(name => name == "CANDOR_CONTRACT" ? Old : null, OrdersContract.Default);

        Assert.Equal(new() { Port = 8081, Routing = new() { OnSharedFailure = SharedFailure.Eject } }, environment.Contract);
        Assert.Equal(ContractHash.OfText(Old), environment.Hash);
        Assert.Null(environment.Notice);
    }

    [Fact]
    public void Load_with_a_known_property_of_the_wrong_type_is_refused_whatever_the_version() =>
        Assert.Throws<InvalidContractException>(() =>
            ContractEnvironment.Load(name => name == "CANDOR_CONTRACT" ? """{"schemaVersion":2,"port":"http"}""" : null, new()));

    [Fact]
    public void Load_reports_where_the_variable_differs_from_the_code()
    {
        var given = OrdersContract.Default with
        {
            Port = 8081,
            Balancer = OrdersContract.Default.Balancer with { Interval = TimeSpan.FromSeconds(15) },
            Dependencies = [],
        };
        var environment = ContractEnvironment.Load(
            name => name == "CANDOR_CONTRACT" ? ContractJson.Serialize(given with { Operations = [] }) : null,
            OrdersContract.Default);

        Assert.Equal(["port", "balancer.interval", "dependencies", "operations"], environment.Differences);
        Assert.Empty(ContractEnvironment.Load(_ => null, OrdersContract.Default).Differences);
    }

    [Fact]
    public void Load_names_at_most_ten_unknown_properties()
    {
        var json = "{" + string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"unknown{i}\":1")) + "}";

        var notice = ContractEnvironment.Load(name => name == "CANDOR_CONTRACT" ? json : null, new()).Notice!;

        Assert.Contains("500 properties", notice, StringComparison.Ordinal);
        Assert.DoesNotContain("unknown10,", notice, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_with_an_invalid_contract_lists_every_violation()
    {
        var exception = Assert.Throws<InvalidContractException>(() => ContractEnvironment.Load(
            name => name == "CANDOR_CONTRACT" ? """{"port":0,"freshness":"9s"}""" : null, new()));
        Assert.Equal(["CT001", "CT006"], exception.Violations.Select(violation => violation.Id));
    }
}
