using Pulumi;

namespace Candor.Program.Prometheus;

/// <summary>Groups of rules.</summary>
public sealed class PrometheusRuleSpecArgs : ResourceArgs
{
    private InputList<RuleGroupArgs>? _groups;

    /// <summary>The groups.</summary>
    [Input("groups")]
    public InputList<RuleGroupArgs> Groups
    {
        get => _groups ??= [];
        set => _groups = value;
    }
}

/// <summary>Rules that are evaluated together.</summary>
public sealed class RuleGroupArgs : ResourceArgs
{
    private InputList<AlertArgs>? _rules;

    /// <summary>The group's name.</summary>
    [Input("name", required: true)]
    public Input<string> Name { get; set; } = null!;

    /// <summary>The rules.</summary>
    [Input("rules")]
    public InputList<AlertArgs> Rules
    {
        get => _rules ??= [];
        set => _rules = value;
    }
}

/// <summary>One alerting rule.</summary>
public sealed class AlertArgs : ResourceArgs
{
    private InputMap<string>? _labels;
    private InputMap<string>? _annotations;

    /// <summary>The alert's name.</summary>
    [Input("alert", required: true)]
    public Input<string> Alert { get; set; } = null!;

    /// <summary>The PromQL expression.</summary>
    [Input("expr", required: true)]
    public Input<string> Expr { get; set; } = null!;

    /// <summary>How long it must hold.</summary>
    [Input("for")]
    public Input<string>? For { get; set; }

    /// <summary>Severity and service.</summary>
    [Input("labels")]
    public InputMap<string> Labels
    {
        get => _labels ??= [];
        set => _labels = value;
    }

    /// <summary>Summary and runbook.</summary>
    [Input("annotations")]
    public InputMap<string> Annotations
    {
        get => _annotations ??= [];
        set => _annotations = value;
    }
}
