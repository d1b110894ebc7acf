using System.Globalization;
using Candor.Contract;
using Candor.Program.Config;

namespace Candor.Infra.Tests.Program;

/// <summary>No input of any resource, in any mode, holds a health number that is not the contract's.</summary>
[Collection(PulumiRuns.Name)]
public class HealthNumberTests
{
    /// <summary>The fields that say how, where and how often health is asked, and how an instance leaves.</summary>
    private static readonly HashSet<string> HealthFields = new(StringComparer.Ordinal)
    {
        "initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold", "successThreshold", "terminationGracePeriodSeconds",
        "progressDeadlineSeconds", "minReadySeconds", "deregistrationDelay", "drainingTimeoutSec", "checkIntervalSec", "timeoutSec",
        "healthyThreshold", "unhealthyThreshold", "minimumHealthyTargetsCount", "idleTimeout", "matcher", "requestPath", "seconds",
        "containerPort", "targetPort", "fromPort", "toPort", "interval", "scrapeTimeout", "timeout",
    };

    /// <summary>
    /// What is no health number: the public listener's ports, DNS, a port of the service's own, and how often Prometheus scrapes.
    /// </summary>
    private static readonly HashSet<string> Others = new(StringComparer.Ordinal)
    {
        "80",
        "443",
        "53",
        "15s",
        "http",
        "management",
        "service",
        "60",
        "8099",
        "grpc",
    };

    [Theory]
    [MemberData(nameof(Modes.Names), MemberType = typeof(Modes))]
    public async Task Inputs_of_every_mode_hold_no_health_number_but_the_contract_s(string mode)
    {
        // Numbers that are nobody's default, so that a default or a literal in the program shows.
        var config = Modes.All[mode].With(("health", Overrides(mode)));
        var contracts = StackConfig.Read(config).Services.Select(service => (service.Contract, service.Timeline)).ToArray();
        var allowed = contracts.SelectMany(one => Numbers(one.Contract, one.Timeline)).ToHashSet(StringComparer.Ordinal);

        var run = await StackRun.Of(config);

        var checkedFields = 0;
        // A dependency's probes are its own: a change of the contract must never restart a database.
        foreach (var resource in run.Resources.Where(resource => resource.Type != "kubernetes:apps/v1:StatefulSet"))
        {
            foreach (var (path, value) in resource.Leaves().Where(leaf => HealthFields.Contains(Field(leaf.Path))))
            {
                var text = Convert.ToString(value, CultureInfo.InvariantCulture)!;
                Assert.True(
                    allowed.Contains(text) || (Others.Contains(text) && !IsProbe(path)),
                    $"{mode}: {resource.Type} {resource.Name} {path} is {text}, which is no number of the contract.");
                checkedFields++;
            }
        }

        Assert.True(checkedFields > 30, $"{mode}: only {checkedFields} fields were looked at.");
    }

    private static bool IsProbe(string path) =>
        path.Contains("Probe", StringComparison.Ordinal) || path.StartsWith("healthCheck", StringComparison.Ordinal);

    private static string Overrides(string mode) => mode.StartsWith("gke", StringComparison.Ordinal)
        ? Modes.Health.Replace("\"55s\"", "\"10m\"", StringComparison.Ordinal).Replace("\"66s\"", "\"620s\"", StringComparison.Ordinal)
        : Modes.Health;

    private static string Field(string path) => path.Split('.')[^1];

    private static IEnumerable<string> Numbers(HealthContract contract, ContractTimeline timeline)
    {
        foreach (var probe in new[] { contract.Readiness, contract.Liveness, contract.Startup })
        {
            yield return Seconds(probe.InitialDelay);
            yield return Seconds(probe.Period);
            yield return Seconds(probe.Timeout);
            yield return Text(probe.FailureThreshold);
            yield return Text(probe.SuccessThreshold);
        }

        foreach (var time in new[] { contract.Balancer.Interval, contract.Balancer.Timeout })
        {
            yield return Seconds(time);
            yield return DurationText.Format(time);
        }

        yield return Text(contract.Balancer.HealthyThreshold);
        yield return Text(contract.Balancer.UnhealthyThreshold);
        yield return contract.Balancer.HealthyCodes;
        yield return Seconds(contract.Balancer.IdleTimeout);
        yield return Seconds(contract.Drain.DeregistrationDelay);
        yield return Seconds(contract.Drain.RequestTimeout);
        yield return Seconds(contract.Drain.PreStop);
        yield return Seconds(contract.Drain.TerminationGrace);
        yield return Seconds(timeline.RollingUpdate.Worst);
        yield return Text(contract.Routing.MinimumHealthyTargets);
        yield return Text(contract.Port);
        yield return Text(contract.ManagementPort);
        yield return contract.Paths.Readiness;
        foreach (var dependency in contract.Dependencies)
        {
            yield return Text(dependency.DialledPort());
            // RabbitMQ's port for other nodes follows from the one that clients dial.
            yield return Text(dependency.DialledPort() + 20000);
        }
    }

    private static string Seconds(TimeSpan time) => Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
