using System.Globalization;
using Candor.Cli.Terminal;
using Candor.Local;
using Spectre.Console;

namespace Candor.Cli.Local;

/// <summary>A local stack as tables: where to reach it, its targets, its pods, its workloads.</summary>
internal static class StatusTables
{
    internal static void Print(IAnsiConsole console, LocalStatus status)
    {
        var state = status.Stopping ? "stopping" : status.Healthy ? "healthy" : "not healthy";
        console.WriteLine(
            $"Stack {status.Stack} is {state} (process {status.Supervisor}, speed {status.Speed.ToString(CultureInfo.InvariantCulture)})");
        foreach (var url in status.Urls)
        {
            console.WriteLine($"  {url}");
        }

        if (status.Page is { } page)
        {
            console.WriteLine($"  {page}  status page");
        }

        foreach (var part in status.Monitoring)
        {
            console.WriteLine($"  {part.Url}  {part.Name}");
        }

        foreach (var problem in status.Problems)
        {
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]{problem}[/]");
        }

        console.WriteLine();
        console.Write(Targets(status));
        console.Write(Pods(status));
        console.Write(Workloads(status));
    }

    internal static Table Targets(LocalStatus status)
    {
        var table = Create("Target group", "Pod", "Endpoint", "State", "Requests", "Last check");
        foreach (var target in status.Targets)
        {
            Row(
                table,
                target.TargetGroup,
                target.Pod,
                target.Endpoint,
                target.State.ToString(),
                target.Requests.ToString(CultureInfo.InvariantCulture),
                target.Reason);
        }

        return table;
    }

    private static Table Pods(LocalStatus status)
    {
        var table = Create("Pod", "Phase", "Ready", "Restarts", "Address", "Process", "Reason");
        foreach (var pod in status.Pods)
        {
            Row(
                table,
                pod.Name,
                pod.Phase,
                pod.Ready ? "yes" : "no",
                pod.Restarts.ToString(CultureInfo.InvariantCulture),
                pod.Address,
                pod.ProcessId?.ToString(CultureInfo.InvariantCulture) ?? "-",
                pod.Reason);
        }

        return table;
    }

    private static Table Workloads(LocalStatus status)
    {
        var table = Create("Workload", "Ready", "Updated", "Available", "Revision", "State", "Reason");
        foreach (var workload in status.Workloads)
        {
            Row(
                table,
                $"{workload.Kind} {workload.Name}",
                string.Create(CultureInfo.InvariantCulture, $"{workload.Ready}/{workload.Replicas}"),
                workload.Updated.ToString(CultureInfo.InvariantCulture),
                workload.Available.ToString(CultureInfo.InvariantCulture),
                workload.Revision.ToString(CultureInfo.InvariantCulture),
                workload.State.ToString(),
                workload.Reason);
        }

        return table;
    }

    private static Table Create(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)) { NoWrap = true });
        }

        return table;
    }

    private static void Row(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(Neutral.Line(cell))));
}
