namespace Candor.Planning.Rules;

/// <summary>One kubelet probe of a container; where a field is missing, Kubernetes' default holds.</summary>
/// <param name="Container">Whose probe it is.</param>
/// <param name="Kind">Its property: <c>readinessProbe</c>, <c>livenessProbe</c> or <c>startupProbe</c>.</param>
/// <param name="Value">Its settings.</param>
internal sealed record Probe(Container Container, string Kind, PlanValue Value)
{
    /// <summary>What the API server fills in.</summary>
    internal static readonly IReadOnlyList<string> Settings =
        ["initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold", "successThreshold"];

    private static readonly string[] Handlers = ["httpGet", "tcpSocket", "grpc"];

    internal string Path => $"{Container.Path}.{Kind}";

    internal PlanResource Resource => Container.Workload.Resource;

    internal bool IsHttp => Value["httpGet"].Exists;

    /// <summary>The handler that has a port: <c>httpGet</c>, <c>tcpSocket</c> or <c>grpc</c>; null for a command.</summary>
    internal string? Handler => Handlers.FirstOrDefault(name => Value[name].Exists);

    /// <summary>How it asks: <c>httpGet</c>, <c>tcpSocket</c>, <c>grpc</c> or <c>exec</c>.</summary>
    internal string Means => Handler ?? "exec";

    /// <summary>The port as it is written.</summary>
    internal PlanValue Port => Handler is { } handler ? Value[handler]["port"] : PlanValue.Missing;

    /// <summary>The port's number, names resolved; null when unknown or not declared.</summary>
    internal int? PortNumber => Container.Number(Port);

    /// <summary>The path with its query; null when it is no HTTP probe or unknown.</summary>
    internal string? HttpPath => !IsHttp ? null : Value["httpGet"]["path"].IsMissing() ? "/" : Value["httpGet"]["path"].Known();

    internal Field Timeout => At("timeoutSeconds");

    internal TimeSpan? InitialDelay => Value["initialDelaySeconds"].Seconds(0);

    internal TimeSpan? Period => Value["periodSeconds"].Seconds(10);

    internal TimeSpan? TimeoutSeconds => Value["timeoutSeconds"].Seconds(1);

    internal int? FailureThreshold => Value["failureThreshold"].Whole(3);

    internal int? SuccessThreshold => Value["successThreshold"].Whole(1);

    /// <summary>How long it goes on failing until the kubelet acts: period × failures.</summary>
    internal TimeSpan? Budget => Period is { } period && FailureThreshold is { } failures ? period * failures : null;

    internal Field At(string property) => new(Resource, $"{Path}.{property}", Value[property]);
}
