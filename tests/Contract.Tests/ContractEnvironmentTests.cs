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
        var exception = Assert.Throws<InvalidContractException>(() => ContractEnvironment.Load(name => name == "CANDOR_SPEED" ? speed : null, new()));
        Assert.Contains(
            $"CT011 CANDOR_SPEED is \"{speed}\", expected a number from 1 on: Every duration is divided by it. Fix: Unset it, or write a number such as 5.",
            exception.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Load_with_speed_1_changes_nothing() =>
        Assert.Equal(OrdersContract.Default, ContractEnvironment.Load(name => name == "CANDOR_SPEED" ? "1" : null, OrdersContract.Default).Effective);

    [Fact]
    public void Load_with_an_invalid_contract_lists_every_violation()
    {
        var exception = Assert.Throws<InvalidContractException>(() => ContractEnvironment.Load(name => name == "CANDOR_CONTRACT" ? """{"port":0,"freshness":"9s"}""" : null, new()));
        Assert.Equal(["CT001", "CT006"], exception.Violations.Select(violation => violation.Id));
    }
}
