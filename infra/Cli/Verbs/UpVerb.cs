using System.CommandLine;
using System.Globalization;
using System.Net;
using Candor.Chaos.Running;
using Candor.Cli.Local;
using Candor.Doctor;
using Candor.Doctor.Output;
using Candor.Local;
using Candor.Planning;
using Spectre.Console;

namespace Candor.Cli.Verbs;

/// <summary><c>candor up</c>: this machine, from the dev stack's Plan; with a stack's name the real <c>pulumi up</c>.</summary>
internal sealed class UpVerb
{
    /// <summary>The stack that runs on this machine where nobody chose another.</summary>
    internal const string DefaultStack = "dev";

    private readonly Argument<string?> _stack = new("stack")
    {
        Description = "A cloud stack, deployed by 'pulumi up'. Without it, a stack runs on this machine.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string?> _local = new("--stack")
    {
        Description = "The stack whose Plan runs on this machine; remembered in candor.local.yaml. Default: dev.",
        HelpName = "STACK",
    };
    private readonly Option<bool> _detach = new("--detach")
    {
        Description = "Return once everything is healthy, and keep running in the background.",
    };
    private readonly Option<double> _speed = new("--speed")
    {
        Description = "Divide every duration of the contract by this number (1 or more).",
        DefaultValueFactory = _ => 1,
    };
    private readonly Option<string> _listen = new("--listen")
    {
        Description = "Address and port of the balancer.",
        DefaultValueFactory = _ => "127.0.0.1:8000",
    };
    private readonly Option<bool> _isolated = new("--isolated")
    {
        Description = "Give every pod a network namespace of its own, with real firewall rules (as root).",
    };
    private readonly Option<string[]> _with = new("--with")
    {
        Description = "Optional parts: monitoring (Prometheus, blackbox exporter, Alertmanager).",
        HelpName = "part",
    };
    private readonly Option<string[]> _program = Programs.Option();
    private readonly Option<string> _page = new("--page")
    {
        Description = "Port of the status page at 127.0.0.1, or off.",
        HelpName = "PORT|off",
        DefaultValueFactory = _ => "8001",
    };
    private readonly Option<bool> _pageReadOnly = new("--page-read-only") { Description = "Make the status page read-only." };
    private readonly Option<bool> _debug = new("--debug", "--no-liveness")
    {
        Description = "For a debugger: no liveness probe and no watchdog, so that a breakpoint restarts nothing.",
    };
    private readonly Option<bool> _force = new("--force") { Description = "Continue although lint finds errors." };
    private readonly Option<string?> _state = StateOption.Create();

    internal static Command Create(CliContext context)
    {
        var verb = new UpVerb();
        var command = new Command(
            "up",
            "Run a stack on this machine, or deploy a cloud stack. Ctrl-C drains and ends it, once more ends it at once; both exit "
                + "0.")
        {
            verb._stack,
            verb._local,
            verb._detach,
            verb._speed,
            verb._listen,
            verb._isolated,
            verb._with,
            verb._program,
            verb._page,
            verb._pageReadOnly,
            verb._debug,
            verb._force,
            verb._state,
        };
        command.SetAction((parsed, cancellationToken) => verb.RunAsync(context, parsed, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_stack) is { } cloud)
        {
            if (parsed.GetValue(_local) is { } local)
            {
                throw new UsageException($"'up {cloud}' deploys to the cloud with Pulumi, and --stack {local} runs on this machine; give one of the two.");
            }

            return await CloudUp.RunAsync(context, cloud, parsed.GetValue(_force), cancellationToken);
        }

        var options = await OptionsAsync(context, parsed, cancellationToken);
        var plan = await PlanRecorder.RecordAsync(context.ProjectDirectory, options.Stack, cancellationToken);
        if (!parsed.GetValue(_force) && !LintGate.Passes(context, plan))
        {
            return ExitCode.Failure;
        }

        plan = LocalDependencies.AddTo(plan, StackPrograms.Of(context.ProjectDirectory, options.Stack));
        if (parsed.GetValue(_debug))
        {
            plan = Debugging.WithoutLiveness(plan);
        }

        var client = LocalTarget.Client(options.StateDirectory);
        if (client.IsRunning)
        {
            return await ApplyAsync(context, client, plan, options, status => RequireSame(parsed, options, status, client));
        }

        return parsed.GetValue(_detach)
            ? await Detached.RunAsync(context, options.StateDirectory, Arguments(options, parsed))
            : await Supervision.RunAsync(context, plan, options);
    }

    /// <summary>One is running: what differs from its Plan is rolled out, as the cloud would.</summary>
    private static async Task<int> ApplyAsync(
        CliContext context, LocalClient client, Plan plan, LocalOptions options, Action<LocalStatus> check)
    {
        using var signals = StopSignals.Register();
        var status = await client.StatusAsync(signals.Stop);
        check(status);
        context.Error.WriteLine($"The stack is running already (process {status.Supervisor}); applying what differs.");
        context.Out.WriteLine(await client.ApplyAsync(plan, options.Programs, signals.Stop));
        return await RolloutVerb.WaitAsync(context, client, string.Empty, signals.Stop);
    }

    /// <summary>What is chosen at the start is not changed in silence, nor left as it is in silence.</summary>
    private void RequireSame(ParseResult parsed, LocalOptions options, LocalStatus status, LocalClient client)
    {
        var other =
            options.Stack != status.Stack ? $"as stack {status.Stack}, not {options.Stack}"
            : Given(_speed) && options.Speed != status.Speed
                ? string.Create(CultureInfo.InvariantCulture, $"at speed {status.Speed}, not {options.Speed}")
            : Given(_listen) && status.Urls.Count > 0 && !status.Urls.Any(url => new Uri(url).Authority == options.Listen.ToString())
                ? $"on {string.Join(", ", status.Urls)}, not on {options.Listen}"
            : Given(_isolated) && options.Isolated != status.Isolated ? "without --isolated"
            : Given(_with) && status.Monitoring.Count == 0 ? "without --with monitoring"
            : null;
        if (other is not null)
        {
            throw new UsageException(
                $"The stack is running already (process {status.Supervisor}) {other}. This is fixed when the stack starts: end it with "
                    + $"{client.Command("down")}, then start it again.");
        }

        bool Given(Option option) => parsed.GetResult(option) is { Implicit: false };
    }

    private async Task<LocalOptions> OptionsAsync(CliContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var unknown = (parsed.GetValue(_with) ?? []).FirstOrDefault(part => part != "monitoring");
        if (unknown is not null)
        {
            throw new UsageException($"Unknown part '{unknown}' after --with. Known: monitoring.");
        }

        var folder = StateOption.Folder(context, parsed, _state);
        var speed = parsed.GetValue(_speed);
        if (!(speed >= 1) || double.IsInfinity(speed))
        {
            throw new UsageException($"--speed is {speed.ToString(CultureInfo.InvariantCulture)}; it must be 1 or more, such as 5.");
        }

        var stack = Stack(context, parsed.GetValue(_local));
        return new()
        {
            StateDirectory = folder,
            Programs = await Programs.FindAsync(context, stack, parsed.GetValue(_program) ?? [], cancellationToken),
            Listen = IPEndPoint.TryParse(parsed.GetValue(_listen)!, out var listen) && listen.Port > 0
                ? listen
                : throw new UsageException(
                    $"--listen is '{parsed.GetValue(_listen)}'; it must be an address and a port, such as 127.0.0.1:8000."),
            Speed = speed,
            Isolated = parsed.GetValue(_isolated),
            Monitoring = parsed.GetValue(_with) is { Length: > 0 },
            Page = Page(parsed.GetValue(_page)!),
            PageRequired = parsed.GetResult(_page) is { Implicit: false },
            PageReadOnly = parsed.GetValue(_pageReadOnly),
            Doctor = async (url, timeout, codes, token) => DiagnosisText.Write(
                await UrlDoctor.AskAsync(url, timeout, codes, context.Time, token)),
            StackDoctor = async token => DiagnosisText.Write(
                await LocalDoctor.AskAsync(LocalTarget.Client(folder), null, context.Time, token)),
            Faults = new PageFaults(folder, context.Time),
            Stack = stack,
        };
    }

    /// <summary>The stack that is asked for, which is remembered; else the one that is remembered.</summary>
    private static string Stack(CliContext context, string? asked)
    {
        var file = new ProgramsFile(context.ProjectDirectory);
        var remembered = file.Stack();
        if (asked is not null && asked != (remembered ?? DefaultStack))
        {
            // A stack that there is not is not remembered.
            _ = StackFiles.Read(context.ProjectDirectory, asked, []);
            file.Remember(context, asked, file.Read());
        }

        return asked ?? remembered ?? DefaultStack;
    }

    private static int? Page(string text) =>
        text == "off" ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= IPEndPoint.MaxPort ? port
        : throw new UsageException($"--page is '{text}'; it must be a port, such as 8001, or off.");

    private List<string> Arguments(LocalOptions options, ParseResult parsed)
    {
        List<string> arguments =
        [
            "up",
            "--stack",
            options.Stack,
            "--speed",
            options.Speed.ToString(CultureInfo.InvariantCulture),
            "--listen",
            options.Listen.ToString(),
            "--state",
            options.StateDirectory,
        ];
        if (parsed.GetValue(_force))
        {
            arguments.Add("--force");
        }

        if (parsed.GetValue(_debug))
        {
            arguments.Add("--debug");
        }

        if (options.Page is null || options.PageRequired)
        {
            arguments.AddRange(["--page", options.Page?.ToString(CultureInfo.InvariantCulture) ?? "off"]);
        }

        if (options.PageReadOnly)
        {
            arguments.Add("--page-read-only");
        }

        foreach (var program in parsed.GetValue(_program) ?? [])
        {
            arguments.AddRange(["--program", program]);
        }

        if (options.Isolated)
        {
            arguments.Add("--isolated");
        }

        if (options.Monitoring)
        {
            arguments.AddRange(["--with", "monitoring"]);
        }

        return arguments;
    }
}
