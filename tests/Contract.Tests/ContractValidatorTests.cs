using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace Candor.Contract.Tests;

public sealed partial class ContractValidatorTests
{
    [Fact]
    public void Validate_the_default_contract_holds() => Assert.Empty(ContractValidator.Validate(new()));

    [Fact]
    public void Validate_the_reference_service_holds() => Assert.Empty(ContractValidator.Validate(OrdersContract.Default));

    [Fact]
    public void Validate_a_contract_valid_by_construction_holds() =>
        Prop.ForAll(ContractGenerator.Valid, contract => ContractValidator.Validate(contract).Count == 0).QuickCheckThrowOnFailure();

    [Fact]
    public void Validate_any_contract_explains_every_violation_with_both_values_and_a_fix() =>
        Prop.ForAll(ContractGenerator.Any, contract => ContractValidator.Validate(contract).All(violation =>
            Value().IsMatch(violation.Found)
            && Value().IsMatch(violation.Expected)
            && violation.Fix.Length > 0
            && violation.Why.Length > 0
            && violation.Message.Contains(violation.Found, StringComparison.Ordinal)
            && violation.Message.Contains(violation.Expected, StringComparison.Ordinal)
            && violation.Message.Contains(violation.Fix, StringComparison.Ordinal)))
        .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("HC003", """{"balancer":{"timeout":"10s"}}""")]
    [InlineData("HC003", """{"balancer":{"interval":"301s"}}""")]
    [InlineData("HC003", """{"balancer":{"interval":"200s","timeout":"121s"}}""")]
    [InlineData("HC003", """{"balancer":{"healthyThreshold":1}}""")]
    [InlineData("HC003", """{"balancer":{"unhealthyThreshold":11}}""")]
    [InlineData("HC004", """{"balancer":{"healthyCodes":"200-599"}}""")]
    [InlineData("HC004", """{"balancer":{"healthyCodes":"201"}}""")]
    [InlineData("HC004", """{"balancer":{"healthyCodes":"ok"}}""")]
    [InlineData(
        "HC006",
        """{"budget":{"margin":"3s"},"readiness":{"timeout":"6s"},"liveness":{"timeout":"6s"},"startup":{"timeout":"6s","period":"6s"}}""")]
    [InlineData("PR004", """{"paths":{"liveness":"/health"}}""")]
    [InlineData("PR007", """{"liveness":{"successThreshold":2}}""")]
    [InlineData("PR008", """{"startup":{"failureThreshold":11}}""")]
    [InlineData("PR009", """{"readiness":{"timeout":"2s"}}""")]
    [InlineData("PR009", """{"startup":{"timeout":"6s"}}""")]
    [InlineData("GS001", """{"drain":{"hold":"34s"}}""")]
    [InlineData("GS002", """{"drain":{"terminationGrace":"54s"}}""")]
    [InlineData("GS003", """{"drain":{"requestTimeout":"31s","terminationGrace":"80s"}}""")]
    [InlineData("GS004", """{"balancer":{"keepAlive":"60s"}}""")]
    [InlineData("CT001", """{"port":0}""")]
    [InlineData("CT002", """{"managementPort":8080}""")]
    [InlineData("CT003", """{"paths":{"readiness":"health"}}""")]
    [InlineData("CT003", """{"paths":{"startup":"/health"}}""")]
    [InlineData("CT004", """{"readiness":{"period":"10500ms"}}""")]
    [InlineData("CT005", """{"minimumDiskFree":0}""")]
    [InlineData("CT005", """{"watchdog":{"stuckRequestCount":0}}""")]
    [InlineData("CT005", """{"freshness":"0s"}""")]
    [InlineData("CT006", """{"freshness":"4s"}""")]
    [InlineData("CT007", """{"dependencies":[{"name":"Database","kind":"postgres"}]}""")]
    [InlineData("CT007", """{"dependencies":[{"name":"a","kind":"postgres"},{"name":"a","kind":"redis"}]}""")]
    [InlineData("CT007", """{"dependencies":[{"name":"a","kind":"postgres","timeout":"3s"}]}""")]
    [InlineData("CT007", """{"dependencies":[{"name":"a","kind":"redis","backlogLimit":5}]}""")]
    [InlineData("CT007", """{"dependencies":[{"name":"a","kind":"redis","connections":5}]}""")]
    [InlineData("CT012", """{"operations":[{"name":"unmatched","route":"GET /"}]}""")]
    [InlineData("CT012", """{"operations":[{"name":"a","route":"GET /"},{"name":"b","route":"GET /"}]}""")]
    [InlineData("CT012", """{"operations":[{"name":"a","route":"GET /orders/{id}","canary":{"path":"/orders"}}]}""")]
    [InlineData("CT013", """{"operationLimits":{"degradedShare":0.5}}""")]
    [InlineData("CT008", """{"watchdog":{"maximumReadmissionDelay":"1s"}}""")]
    [InlineData("CT008", """{"watchdog":{"livenessLimit":"500ms"}}""")]
    [InlineData("CT009", """{"canary":{"timeout":"5s"}}""")]
    [InlineData("CT009", """{"canary":{"route":"/health?x=1"}}""")]
    [InlineData("CT009", """{"canary":{"route":"orders"}}""")]
    public void Validate_one_broken_invariant_names_it_and_nothing_else(string id, string json)
    {
        var (contract, unread) = ContractJson.Read(new(), json);
        Assert.Empty(unread);
        Assert.Equal([id], ContractValidator.Validate(contract).Select(violation => violation.Id).Distinct());
    }

    [Fact]
    public void Validate_several_broken_invariants_lists_all_of_them()
    {
        var contract = new HealthContract { Port = 0, Freshness = TimeSpan.FromSeconds(4), Drain = new() { Hold = TimeSpan.Zero } };
        Assert.Equal(["CT001", "CT006", "GS001"], ContractValidator.Validate(contract).Select(violation => violation.Id));
    }

    /// <summary>A number, or a text in quotes: something concrete, not a word about it.</summary>
    [GeneratedRegex("[0-9]|\"")]
    private static partial Regex Value();
}
