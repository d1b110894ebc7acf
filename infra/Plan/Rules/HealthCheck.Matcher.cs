using System.Globalization;
using Candor.Contract;

namespace Candor.Planning.Rules;

internal sealed partial class HealthCheck
{
    private static void CheckMatcher(BalancerProbe probe, bool hasContract, FindingList findings)
    {
        if (!probe.IsHttp || probe.Matcher is not { } field
            || (field.Value.Known() ?? field.Value.Whole()?.ToString(CultureInfo.InvariantCulture)) is not { } matcher)
        {
            return;
        }

        if (probe.IsGrpc)
        {
            CheckGrpcMatcher(field, matcher, findings);
            return;
        }

        var readable = StatusCodes.TryParse(matcher, out var codes);
        if (hasContract || !readable || codes.Contains(StatusCodes.Unhealthy))
        {
            findings.Add(Matcher, probe.Resource, field.Path, Invariants.MatcherTellsHealthyFromUnhealthy(new(field.Path, matcher)));
        }
        else if (!codes.Contains(StatusCodes.Healthy))
        {
            // What the app answers when it is healthy is not in the Plan: a WebSocket server answers 426 to a request without an upgrade.
            findings.Add(
                Matcher,
                probe.Resource,
                field.Path,
                $"\"{matcher}\"",
                $"codes that include {StatusCodes.Healthy}, unless this app answers {matcher} when it is healthy",
                $"Ask the app: keep {matcher} where a healthy instance answers it, or else set the matcher to {StatusCodes.Healthy}.",
                Severity.Warning,
                $"An app that answers {StatusCodes.Healthy} when it is healthy would be ejected.");
        }
    }

    // UNAVAILABLE is what a gRPC server answers that cannot serve (https://grpc.io/docs/guides/status-codes/).
    private static void CheckGrpcMatcher(Field field, string matcher, FindingList findings)
    {
        const int Unavailable = 14;
        var parts = matcher.Split(',', StringSplitOptions.TrimEntries).Select(part => part.Split('-', 2)).ToList();
        var read = parts.ConvertAll(part => (
            From: int.TryParse(part[0], CultureInfo.InvariantCulture, out var from) ? from : -1,
            To: int.TryParse(part[^1], CultureInfo.InvariantCulture, out var to) ? to : -1));
        if (read.Exists(range => range.From < 0 || range.To > 99 || range.From > range.To))
        {
            findings.Add(Matcher, field.Resource, field.Path, $"\"{matcher}\"", "gRPC codes from 0 to 99 such as 0, 0,12 or 0-99",
                "Set the matcher to 0.", why: "The balancer could not read it.");
        }
        else if (read.Exists(range => range.From <= Unavailable && Unavailable <= range.To))
        {
            findings.Add(Matcher, field.Resource, field.Path, $"\"{matcher}\"", $"codes without {Unavailable} (UNAVAILABLE)",
                "Set the matcher to 0, the code of a call that succeeded.", Severity.Warning, "A server that reports that it cannot serve would pass.");
        }
    }
}
