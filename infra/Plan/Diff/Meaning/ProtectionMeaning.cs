namespace Candor.Planning;

/// <summary>Safeguards and alarms that a change takes away.</summary>
internal static class ProtectionMeaning
{
    private static readonly string[] Switches = ["enableDeletionProtection", "deletionProtection", "dropInvalidHeaderFields", "storageEncrypted"];

    internal static IEnumerable<ReportCell> Of(PlanDiff diff) =>
        diff.Changed.SelectMany(Lost).Concat(
            diff.Removed
                .Where(resource => resource.Type is ResourceTypes.MetricAlarm or ResourceTypes.CompositeAlarm or ResourceTypes.PrometheusRule)
                .Select(resource => new ReportCell($"{Meanings.NameOf(resource)} is removed: what it monitored is no longer monitored", Tone.Warning)));

    private static IEnumerable<ReportCell> Lost(ResourceChange change)
    {
        if (change.Before.Protect && !change.After.Protect)
        {
            yield return new($"{Meanings.NameOf(change.After)} is no longer protected from deletion by Pulumi", Tone.Warning);
        }

        foreach (var name in Switches.Where(name => change.Before.Inputs[name].Boolean == true && change.After.Inputs[name].Boolean != true))
        {
            yield return new($"{Meanings.NameOf(change.After)} loses {name}", Tone.Warning);
        }
    }
}
