namespace Candor.Planning.Rules;

/// <summary>What a target group sends to where it is no pods: ECS tasks or instances.</summary>
/// <param name="Noun">What they are called in messages.</param>
/// <param name="Port">Their port that users' requests reach; null when it cannot be told.</param>
/// <param name="Groups">The security groups around them, as they are written; null when unknown.</param>
internal sealed record RouteTargets(string Noun, int? Port, IReadOnlyList<string>? Groups)
{
    /// <summary>The groups of a list, or null when there is none, or one of them is unknown.</summary>
    internal static IReadOnlyList<string>? Known(PlanValue groups)
    {
        var texts = groups.Items.Select(group => group.Text).ToList();
        return texts.Count == 0 || texts.Exists(text => text is null or "[unknown]") ? null : [.. texts.OfType<string>()];
    }
}
