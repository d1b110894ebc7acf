using System.Text.Json;

namespace Candor.Contract;

/// <summary>The checks of operations: their names, routes and canaries, and the limits that they are judged by.</summary>
internal static partial class Validators
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    private static readonly string[] BodilessMethods = ["GET", "HEAD", "DELETE", "OPTIONS"];

    internal static void Operations(HealthContract contract, ViolationList violations)
    {
        for (var i = 0; i < contract.Operations.Count; i++)
        {
            var operation = contract.Operations[i];
            var path = $"operations[{i}]";
            OperationName(contract, i, path, violations);
            OperationRoute(contract, i, path, violations);
            if (operation.IsBackground())
            {
                Absent(
                    operation.LatencyLimit is { } limit ? DurationText.Format(limit) : null,
                    $"{path}.latencyLimit",
                    "Background work answers nobody.");
                Absent(
                    operation.Canary is { } canary ? $"\"{canary.Path}\"" : null,
                    $"{path}.canary",
                    "Background work has no route that could be requested.");
            }
            else
            {
                Absent(
                    operation.MaximumAge is { } age ? DurationText.Format(age) : null,
                    $"{path}.maximumAge",
                    "Only background work has open items.");
                OperationLatency(contract, operation, path, violations);
                OperationCanary(contract, operation, path, violations);
            }

            if (operation.MaximumAge is { } maximum)
            {
                violations.Duration($"{path}.maximumAge", maximum, Millisecond);
            }

            OperationUses(contract, operation, path, violations);
        }

        void Absent(string? found, string where, string why)
        {
            if (found is not null)
            {
                violations.Add(new("CT012", where, found, "nothing (\"null\")", why, $"Remove {where}."));
            }
        }
    }

    internal static void OperationLimits(HealthContract contract, ViolationList violations)
    {
        var limits = contract.OperationLimits;
        violations.Share("operationLimits.degradedShare", limits.DegradedShare, 1);
        violations.Share("operationLimits.failingShare", limits.FailingShare, 1);
        violations.AtLeastOne("operationLimits.minimumCount", limits.MinimumCount);
        violations.AtLeastOne("operationLimits.consecutiveFailures", limits.ConsecutiveFailures);
        violations.Duration("operationLimits.window", limits.Window, Second);
        violations.AtLeastOne("operationLimits.windowCount", limits.WindowCount);
        if (limits.DegradedShare >= limits.FailingShare)
        {
            violations.Add(new(
                "CT013",
                "operationLimits.degradedShare",
                $"{limits.DegradedShare:0.###}",
                $"less than operationLimits.failingShare ({limits.FailingShare:0.###})",
                "An operation would fail before it is degraded.",
                "Change operationLimits.degradedShare or operationLimits.failingShare."));
        }

        AtMostTheWindow("operationLimits.minimumCount", limits.MinimumCount);
        AtMostTheWindow("operationLimits.consecutiveFailures", limits.ConsecutiveFailures);

        void AtMostTheWindow(string path, int value)
        {
            if (value > limits.WindowCount)
            {
                violations.Add(new(
                    "CT013", path, $"{value}", $"at most operationLimits.windowCount ({limits.WindowCount})",
                    "The window would never hold that many answers.", $"Lower {path} or raise operationLimits.windowCount."));
            }
        }
    }

    private static void OperationName(HealthContract contract, int index, string path, ViolationList violations)
    {
        var name = contract.Operations[index].Name;
        if (!IsName(name))
        {
            violations.Add(new(
                "CT012",
                $"{path}.name",
                $"\"{name}\"",
                NameRule,
                "It is a label of answers, metrics and alerts.",
                "Rename it, for example to \"place-order\"."));
        }

        if (name == Operation.Unmatched)
        {
            violations.Add(new(
                "CT012", $"{path}.name", $"\"{name}\"", $"another name than \"{Operation.Unmatched}\"",
                "It is the name of all requests that match no route.", "Rename it."));
        }

        if (contract.Operations.Take(index).Any(other => other.Name == name))
        {
            violations.Add(new(
                "CT012", $"{path}.name", $"\"{name}\" again", $"a name that no other operation has (\"{name}\" does)",
                "Answers and metrics could not be told apart.", "Rename one of them."));
        }
    }

    private static void OperationRoute(HealthContract contract, int index, string path, ViolationList violations)
    {
        if (contract.Operations[index].Route is not { } route)
        {
            return;
        }

        if (OperationRouteText.Split(route) is not { } parts || !Methods.Contains(parts.Method))
        {
            violations.Add(new(
                "CT012", $"{path}.route", $"\"{route}\"",
                "a method in upper case, one space and a route template, such as \"GET /orders/{id}\"",
                "No request could be matched with it.", $"Write {path}.route as \"POST /orders\"."));
            return;
        }

        if (IsHealthPath(contract, parts.Template))
        {
            violations.Add(new(
                "CT012", $"{path}.route", $"\"{route}\"", $"another path than the health path \"{parts.Template}\"",
                "Probes are not requests of users.", "Remove the operation, or choose a route that users use."));
        }

        if (contract.Operations.Take(index).Any(other => other.Route == route))
        {
            violations.Add(new(
                "CT012", $"{path}.route", $"\"{route}\" again", $"a route that no other operation has (\"{route}\" does)",
                "A request would belong to two operations.", "Remove one of them."));
        }
    }

    private static void OperationLatency(HealthContract contract, Operation operation, string path, ViolationList violations)
    {
        if (operation.LatencyLimit is not { } limit)
        {
            return;
        }

        violations.Duration($"{path}.latencyLimit", limit, Millisecond);
        if (limit >= contract.Drain.RequestTimeout)
        {
            violations.Add(Compared(
                "CT012", $"{path}.latencyLimit", limit, "less than", "drain.requestTimeout", contract.Drain.RequestTimeout,
                "No request may take that long, so none could be slow."));
        }
    }

    private static void OperationCanary(HealthContract contract, Operation operation, string path, ViolationList violations)
    {
        if (operation.Canary is not { } canary)
        {
            return;
        }

        path += ".canary";
        violations.Duration($"{path}.interval", canary.Interval, Millisecond);
        violations.Duration($"{path}.timeout", canary.Timeout, Millisecond);
        violations.AtLeastOne($"{path}.failureThreshold", canary.FailureThreshold);
        if (canary.Timeout >= canary.Interval)
        {
            violations.Add(Compared(
                "CT012", $"{path}.timeout", canary.Timeout, "less than", $"{path}.interval", canary.Interval, "Canaries would pile up."));
        }

        var route = OperationRouteText.Split(operation.Route!);
        if (!IsRequestTarget(canary.Path))
        {
            violations.Add(new(
                "CT012", $"{path}.path", $"\"{canary.Path}\"", "a path such as \"/orders?limit=1\"",
                "It could not be requested.", "Start it with /, without spaces or a fragment."));
        }
        else if (route is { } parts && !OperationRouteText.Matches(parts.Template, canary.Path.Split('?')[0]))
        {
            violations.Add(new(
                "CT012", $"{path}.path", $"\"{canary.Path}\"", $"a path that the route \"{operation.Route}\" matches",
                "The canary would ask for another operation.", $"Request a path of {parts.Template}."));
        }

        if (canary.Body is { } body)
        {
            if (route is { } asked && BodilessMethods.Contains(asked.Method))
            {
                violations.Add(new(
                    "CT012", $"{path}.body", $"{body.Length} characters", $"no body (\"null\") for {asked.Method}",
                    "Such a request has none.", $"Remove {path}.body."));
            }
            else if (!IsJson(body))
            {
                violations.Add(new(
                    "CT012", $"{path}.body", $"{body.Length} characters that are not JSON", "JSON text such as \"{\\\"quantity\\\":1}\"",
                    "It is sent as application/json.", $"Correct the JSON in {path}.body."));
            }
        }
    }

    private static void OperationUses(HealthContract contract, Operation operation, string path, ViolationList violations)
    {
        for (var i = 0; i < operation.Uses.Count; i++)
        {
            var name = operation.Uses[i];
            if (contract.Dependencies.All(dependency => dependency.Name != name))
            {
                var nearest = NearestName.Of(name, contract.Dependencies.Select(dependency => dependency.Name));
                violations.Add(new(
                    "CT012", $"{path}.uses[{i}]", $"\"{name}\"",
                    nearest is null ? $"the name of one of the {contract.Dependencies.Count} dependencies" : $"\"{nearest}\"",
                    "A failure could not be explained by it.", nearest is null
                        ? "Remove it, or list the dependency."
                        : $"Write \"{nearest}\"."));
            }

            if (operation.Uses.Take(i).Contains(name))
            {
                violations.Add(new(
                    "CT012",
                    $"{path}.uses[{i}]",
                    $"\"{name}\" again",
                    $"each name once (\"{name}\")",
                    "It is listed twice.",
                    "Remove it."));
            }
        }
    }

    private static bool IsHealthPath(HealthContract contract, string path) =>
        path == contract.Paths.Liveness || path == contract.Paths.Readiness || path == contract.Paths.Startup;

    private static bool IsRequestTarget(string? path) =>
        path is { Length: >= 1 and <= 2048 }
            && path[0] == '/'
            && !path.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '#' or > '~');

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
