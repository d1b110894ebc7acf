using System.CommandLine;
using System.Globalization;
using System.Reflection;
using Candor.Chaos.Catalogue;
using Candor.Chaos.Judging;
using Candor.Chaos.Reports;
using Candor.Chaos.Running;
using Candor.Cli.Plans;
using Candor.Cli.Rendering;
using Candor.Local;
using Candor.Planning;
using Spectre.Console;

namespace Candor.Cli.Verbs;

/// <summary><c>candor chaos</c>: makes faults in a stack of its own, and measures what health says against what users get.</summary>
internal sealed class ChaosVerb
{
    private readonly Argument<string[]> _faults = new("fault") { Description = "Ids or names of the catalogue, such as F217 or F217/constraint.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _list = new("--list") { Description = "List the catalogue without injecting anything." };
    private readonly Option<string[]> _family = new("--family") { Description = $"Every fault of a family: {string.Join(", ", Families())}.", HelpName = "family" };
    private readonly Option<bool> _all = new("--all") { Description = "Every fault, and the comparisons." };
    private readonly Option<double> _rate = new("--rate") { Description = "Requests a second, such as 1, 50 or 500.", DefaultValueFactory = _ => 50 };
    private readonly Option<double> _speed = new("--speed") { Description = "Divide every duration of the contract by this number (1 or more).", DefaultValueFactory = _ => 5 };
    private readonly Option<int> _repeat = new("--repeat") { Description = "Repetitions of each fault; results are then given as intervals.", DefaultValueFactory = _ => 1 };
    private readonly Option<string[]> _compare = new("--compare") { Description = "Inject the same faults into another service as well: builtin (MapHealthChecks), flask.", HelpName = "service" };
    private readonly Option<bool> _isolated = new("--isolated") { Description = "Give every pod a network namespace of its own; network faults are then firewall rules (as root)." };
    private readonly Option<bool> _keep = new("--keep") { Description = "Keep the stack's folder (logs, data) for inspection." };
    private readonly Option<bool> _resume = new("--resume") { Description = "Resume from the results in the file given with --json." };
    private readonly Option<bool> _here = new("--here") { Description = "Use the stack that is running here, after confirmation, instead of a separate one." };
    private readonly Option<string?> _json = PreviewVerb.FileOption("--json", "Write the result as JSON, after each fault");
    private readonly Option<string?> _markdown = PreviewVerb.FileOption("--markdown", "Write the result as Markdown");
    private readonly Option<string?> _html = PreviewVerb.FileOption("--html", "Write the result as one page with a timeline for each fault");
    private readonly Option<string?> _state = new("--state") { Description = "The folder for the stack's data and logs. Default: .candor-chaos; with --here that of the running stack, .candor.", HelpName = "folder" };

    internal static Command Create(CliContext context)
    {
        var verb = new ChaosVerb();
        var command = new Command("chaos", "Inject faults into a separate stack under load, and compare its health with what users get. Exit code 1 when health was wrong.")
        {
            verb._faults, verb._list, verb._family, verb._all, verb._rate, verb._speed, verb._repeat, verb._compare, verb._isolated, verb._keep, verb._resume, verb._here, verb._json, verb._markdown, verb._html, verb._state,
        };
        command.SetAction((parsed, cancellationToken) => verb.RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_list))
        {
            TerminalReport.Write(context.Out, CatalogueReport.Of(Wanted(parsed, all: true)));
            return ExitCode.Fine;
        }

        var faults = Wanted(parsed, all: false);
        var (rate, speed, repeat) = (parsed.GetValue(_rate), parsed.GetValue(_speed), parsed.GetValue(_repeat));
        Require(rate >= 0 && double.IsFinite(rate), $"--rate is {Text(rate)}; it must be 0 or more requests a second, such as 50.");
        Require(speed >= 1 && double.IsFinite(speed), $"--speed is {Text(speed)}; it must be 1 or more, such as 5.");
        Require(repeat >= 1, $"--repeat is {Text(repeat)}; it must be 1 or more.");
        var here = parsed.GetValue(_here);
        var folder = Path.GetFullPath(parsed.GetValue(_state) ?? Path.Combine(context.ProjectDirectory, here ? ".candor" : ".candor-chaos"));
        using var signals = StopSignals.Register();
        var plan = await PlanRecorder.RecordAsync(context.ProjectDirectory, "dev", cancellationToken);
        var file = parsed.GetValue(_json);
        var before = parsed.GetValue(_resume) ? Result.Read(file is null or "-" ? throw new UsageException("--resume needs --json FILE, the results to resume from.") : file) : null;
        var request = new SessionRequest
        {
            Faults = faults,
            Compared = Compared(parsed),
            Rate = rate,
            Speed = speed,
            Repeat = repeat,
            Isolated = parsed.GetValue(_isolated),
            Folder = folder,
            Plan = plan,
            Programs = Programs(context),
            Done = before?.Runs ?? [],
        };
        if (here)
        {
            request = await HereAsync(context, request, signals.Stop);
        }

        return await MeasureAsync(context, parsed, request, signals.Stop);
    }

    private async Task<int> MeasureAsync(CliContext context, ParseResult parsed, SessionRequest request, CancellationToken stop)
    {
        var repaired = await Session.RepairAsync(request, context.Time, stop);
        if (repaired > 0)
        {
            context.Error.WriteLine($"Undid what an earlier run left behind: {Text(repaired)} {(repaired == 1 ? "injection" : "injections")}.");
        }

        var session = new Session(request, context.Time);
        var machine = await Machine.ThisAsync(context.ProjectDirectory, stop);
        var file = parsed.GetValue(_json);
        var lines = new ProgressLines(context, () =>
        {
            if (file is not (null or "-"))
            {
                ResultOf(session, request, machine, context.Time).Write(Path.GetFullPath(file));
            }
        });
        try
        {
            await session.RunAsync(lines, stop);
        }
        finally
        {
            if (!request.Here && !parsed.GetValue(_keep))
            {
                await Session.RepairAsync(request, context.Time, CancellationToken.None);
                ChaosStack.Remove(request.Folder);
            }
        }

        var result = ResultOf(session, request, machine, context.Time);
        var answers = new Answers(context);
        await answers.WriteAsync(file, () => System.Text.Json.JsonSerializer.Serialize(result, Result.Json) + "\n", stop);
        await answers.WriteAsync(parsed.GetValue(_markdown), () => AccuracyDocument.Write(result), stop);
        await answers.WriteAsync(parsed.GetValue(_html), () => HtmlReport.Write(result), stop);
        if (!answers.OutIsTaken)
        {
            TerminalReport.Write(context.Out, ChaosReport.Of(result));
        }

        return ExitOf(result);
    }

    /// <summary>What counts is our own health; another service's is there to compare with.</summary>
    private static int ExitOf(Result result)
    {
        var own = result.Runs.Where(run => run.Service is ServiceKind.Orders or ServiceKind.Sample).ToList();
        return own.Any(run => run.Fails) || !own.Any(run => run.Counts) ? ExitCode.Failure : ExitCode.Fine;
    }

    private static Result ResultOf(Session session, SessionRequest request, Machine machine, TimeProvider time) => new()
    {
        At = time.GetUtcNow(),
        Machine = machine,
        Speed = request.Speed,
        Rate = request.Rate,
        Repeat = request.Repeat,
        Isolated = request.Isolated,
        Runs = [.. session.Runs],
    };

    private IReadOnlyList<Fault> Wanted(ParseResult parsed, bool all)
    {
        var names = parsed.GetValue(_faults) ?? [];
        var families = parsed.GetValue(_family) ?? [];
        if (parsed.GetValue(_all) || (all && names.Length == 0 && families.Length == 0))
        {
            return FaultCatalogue.All;
        }

        var wanted = new List<Fault>();
        foreach (var name in names)
        {
            var found = FaultCatalogue.Find(name);
            wanted.AddRange(found.Count > 0 ? found : throw new UsageException(Unknown("fault", name, FaultCatalogue.All.SelectMany(fault => new[] { fault.Id, fault.Name }).Distinct(StringComparer.Ordinal), "See ./candor chaos --list.")));
        }

        foreach (var name in families)
        {
            wanted.AddRange(Enum.TryParse<FaultFamily>(name, ignoreCase: true, out var family) && Enum.IsDefined(family) && !int.TryParse(name, out _)
                ? FaultCatalogue.All.Where(fault => fault.Family == family)
                : throw new UsageException(Unknown("family", name, Families(), $"Known: {string.Join(", ", Families())}.")));
        }

        Require(wanted.Count > 0, "Name the faults, or use --family or --all. See ./candor chaos --list.");
        return [.. wanted.Distinct()];
    }

    private List<ServiceKind> Compared(ParseResult parsed)
    {
        var names = parsed.GetValue(_compare) ?? [];
        var compared = names.Select(name => name.ToLowerInvariant() switch
        {
            "builtin" => ServiceKind.BuiltIn,
            "flask" => ServiceKind.Flask,
            _ => throw new UsageException(Unknown("service", name, ["builtin", "flask"], "Known: builtin, flask.")),
        }).ToList();
        return compared.Count == 0 && parsed.GetValue(_all) ? [.. new[] { ServiceKind.BuiltIn, ServiceKind.Flask }.Where(FlaskService.IsHere)] : compared;
    }

    private static async Task<SessionRequest> HereAsync(CliContext context, SessionRequest request, CancellationToken stop)
    {
        var client = LocalTarget.Client(request.Folder);
        Require(client.IsRunning, $"No stack runs in {request.Folder}. Start one with ./candor up, or omit --here to use a separate stack.");
        var status = await client.StatusAsync(stop);
        context.Error.WriteLine($"This breaks the stack '{status.Stack}' that runs at {string.Join(", ", status.Urls)} (process {status.Supervisor}): its database, cache, queue, network and processes. All of it is undone, and the orders that are placed stay in its database.");
        context.Error.Write("Type yes to continue: ");
        var answer = await Console.In.ReadLineAsync(stop);
        Require(answer?.Trim() == "yes", "Nothing was done.");
        Require(request.Faults.Any(fault => fault.Service == ServiceKind.Orders), "These faults are injected into the sample service, which does not run here. Omit --here.");
        return request with
        {
            Here = true,
            Speed = status.Speed,
            Isolated = status.Isolated,
            Compared = [],
            Faults = [.. request.Faults.Where(fault => fault.Service == ServiceKind.Orders)],
        };
    }

    /// <summary>The builds of the same configuration as this command.</summary>
    private static Dictionary<ServiceKind, string> Programs(CliContext context)
    {
        var configuration = typeof(ChaosVerb).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Release";
        var sample = Path.Combine(context.ProjectDirectory, "tests", "SampleApp", "bin", configuration, "net10.0", "Candor.SampleApp.dll");
        return new()
        {
            [ServiceKind.Orders] = Local.Programs.ReferenceAssembly(context),
            [ServiceKind.Sample] = sample,
            [ServiceKind.BuiltIn] = sample,
            [ServiceKind.Flask] = Path.Combine(context.ProjectDirectory, "tests", "FlaskApp", "serve.sh"),
        };
    }

    private static IEnumerable<string> Families() => Enum.GetNames<FaultFamily>().Select(name => name.ToLowerInvariant());

    private static string Unknown(string what, string name, IEnumerable<string> known, string help) =>
        Candor.Contract.NearestName.Of(name, [.. known]) is { } nearest ? $"Unknown {what} '{name}'. Did you mean '{nearest}'?" : $"Unknown {what} '{name}'. {help}";

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new UsageException(message);
        }
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A line when something begins and one when it has ended, with what is left.</summary>
    private sealed class ProgressLines(CliContext context, Action keep) : IProgress<SessionProgress>
    {
        public void Report(SessionProgress value)
        {
            if (value.Run is not { } run)
            {
                context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{value.Number}/{value.Of}] {value.What} · {Left(value.Left)} left"));
                return;
            }

            keep();
            var text = run.Outcome switch
            {
                Outcome.Right => "right",
                Outcome.Late => "right, but late or unsteady",
                Outcome.Wrong => "WRONG",
                Outcome.Invalid => "invalid, does not count",
                _ => "cannot be made here",
            };
            context.Error.WriteLine($"    {text}{(run.Findings.Count > 0 ? $": {string.Join("; ", run.Findings.Select(finding => finding.Text))}" : string.Empty)}");
        }

        private static string Left(TimeSpan left) => left.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"about {left.TotalMinutes:0} min") : "less than a minute";
    }
}
