using Candor.Local;
using Candor.Planning;
using Spectre.Console;

namespace Candor.Cli.Local;

/// <summary>Runs a local stack in this process until it is stopped.</summary>
internal static class Supervision
{
    internal static async Task<int> RunAsync(CliContext context, Plan plan, LocalOptions options)
    {
        using var signals = StopSignals.Register();
        var lines = new EventLines(context.Out, context.Time.LocalTimeZone);
        var events = new WhenFirstHealthy(lines, () => _ = ShowAsync());
        await LocalTarget.RunAsync(plan, options, events, context.Time, signals.Stop, signals.Kill);
        return ExitCode.Fine;

        async Task ShowAsync()
        {
            try
            {
                StatusTables.Print(context.Out, await LocalTarget.Client(options.StateDirectory).StatusAsync(signals.Stop));
                context.Out.WriteLine("Ctrl-C drains and ends everything; once more ends it at once.");
            }
            catch (Exception exception) when (exception is LocalException or OperationCanceledException or IOException)
            {
                // It is ending already and reports that itself, or the output is gone.
            }
        }
    }

    private sealed class WhenFirstHealthy(IProgress<LocalEvent> inner, Action healthy) : IProgress<LocalEvent>
    {
        private bool _was;

        public void Report(LocalEvent value)
        {
            inner.Report(value);
            if (value.Kind == LocalEventKind.Healthy && !_was)
            {
                _was = true;
                healthy();
            }
        }
    }
}
