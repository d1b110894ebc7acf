using Candor.Planning;

namespace Candor.Local;

/// <content>What a client asks for: rollouts, scaling, faults, commands in pods.</content>
internal sealed partial class Supervisor
{
    /// <summary>
    /// Does something within the loop, where nothing else is going on, and answers when the status shows it: who asks for the status
    /// next must not see the one before.
    /// </summary>
    public async Task<string> InvokeAsync(Func<string> action)
    {
        var done = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Enqueue(() =>
        {
            try
            {
                var answer = action();
                return () => done.SetResult(answer);
            }
            catch (Exception e)
            {
                // Returned to the caller; the run does not end because of it.
                return () => done.SetException(e);
            }
        });
        Wake();
        return await done.Task.ConfigureAwait(false);
    }

    public Task<string> RestartAsync(string workload) => InvokeAsync(() =>
    {
        var deployment = Deployment(workload);
        deployment.RestartPods();
        return $"{deployment.Spec.Display} restarts";
    });

    public Task<string> UndoAsync(string workload) => InvokeAsync(() =>
    {
        var deployment = Deployment(workload);
        deployment.Undo();
        return $"{deployment.Spec.Display} rolls back to the previous revision";
    });

    public Task<string> ScaleAsync(string workload, int replicas) => InvokeAsync(() =>
    {
        if (replicas is < 0 or > HaproxyConfiguration.Slots / 2)
        {
            throw new LocalException($"{replicas} replicas cannot run here; it must be 0 to {HaproxyConfiguration.Slots / 2}.");
        }

        Controller controller = _cluster.Controllers.OfType<StatefulSetController>().FirstOrDefault(s => s.Spec.Name == workload)
            ?? (Controller)Deployment(workload);
        controller.Scale(replicas);
        return $"{controller.Spec.Display} scales to {replicas}";
    });

    /// <summary>Goes over to another Plan.</summary>
    public async Task<string> ApplyAsync(Plan plan, IReadOnlyDictionary<string, LocalProgram>? programs)
    {
        // Another program, or another build of it, may stand for the same image by now.
        programs ??= _programs;
        var images = new ImageCatalog(programs, _state.Images);
        var manifest = ManifestReader.Read(plan, _options.Speed, images.Digest);
        var monitoring = MonitoringSpec.Read(plan);
        await _cluster.Balancer.RequireAcceptableAsync(manifest, CancellationToken.None).ConfigureAwait(false);
        return await InvokeAsync(() =>
        {
            _managementPort = plan.Contract?.ManagementPort;
            var changes = _cluster.Apply(plan, manifest, images);
            _programs = programs;
            KeepPlan(plan);
            _monitoring?.Apply(monitoring);
            _cluster.SayClosed(_monitoring?.Scrapes ?? []);
            return changes;
        }).ConfigureAwait(false);
    }

    /// <summary>Makes the network between pods and a Service behave otherwise.</summary>
    public Task<string> SetLinkAsync(string from, string service, LinkSetting setting) => InvokeAsync(() =>
    {
        _cluster.SetLink(from, service, setting);
        return $"{from} to {service}: {setting.Mode}";
    });

    /// <summary>Ends a pod's process at once, as a crash would.</summary>
    public Task<string> KillAsync(string name) => InvokeAsync(() =>
    {
        var pod = _cluster.Pods.FirstOrDefault(p => p.Name == name)
            ?? throw new LocalException($"There is no pod '{name}'; there are {string.Join(", ", _cluster.Pods.Select(p => p.Name))}.");
        return pod.Status.ProcessId is { } process && Signals.Send(process, Signal.Kill)
            ? $"{name} was killed (process {process})"
            : throw new LocalException($"Pod {name} has no running process to kill.");
    });

    /// <summary>Makes one pod drain, as an operator would by <c>POST /drain</c> on its management port.</summary>
    public async Task<string> DrainAsync(string name)
    {
        var pod = Status.Pods.FirstOrDefault(p => p.Name == name)
            ?? throw new LocalException($"There is no pod '{name}'; there are {string.Join(", ", Status.Pods.Select(p => p.Name))}.");
        var port = _managementPort
            ?? throw new LocalException("The Plan has no contract, so there is no management port to drain a pod by.");
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", _record.RunId);
        try
        {
            using var response = await client.PostAsync(new Uri($"http://{pod.Address}:{port}/drain"), null).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? $"{name} drains"
                : throw new LocalException($"Pod {name} answered {(int)response.StatusCode} to POST /drain on its management port {port}.");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            throw new LocalException($"Pod {name} does not answer on its management port {port}: {e.Message}", e);
        }
    }

    /// <summary>Runs a command in a pod's container.</summary>
    public async Task<string> ExecAsync(string name, IReadOnlyList<string> command)
    {
        Pod? pod = null;
        await InvokeAsync(() =>
        {
            pod = _cluster.Pods.FirstOrDefault(p => p.Name == name);
            return pod?.Name
                ?? throw new LocalException($"There is no pod '{name}'; there are {string.Join(", ", _cluster.Pods.Select(p => p.Name))}.");
        }).ConfigureAwait(false);
        var (exitCode, output) = await pod!.ExecAsync(command, CancellationToken.None).ConfigureAwait(false);
        return exitCode == 0
            ? output
            : throw new LocalException($"'{command[0]}' in pod {name} ended with exit code {exitCode}:{Command.LastLines(output)}");
    }

    /// <summary>Writes down what runs, for the doctor. Nothing here depends on it, so a full disk does not end the stack.</summary>
    private void KeepPlan(Plan plan)
    {
        try
        {
            var partial = _state.PlanFile + ".new";
            File.WriteAllText(partial, PlanJson.Serialize(plan));
            File.Move(partial, _state.PlanFile, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(_state.PlanFile);
        }
    }

    private DeploymentController Deployment(string name)
    {
        var all = _cluster.Controllers.OfType<DeploymentController>().ToList();
        var found = all.Where(d => name.Length == 0 || d.Spec.Name == name || $"deployment/{d.Spec.Name}" == name).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new LocalException($"There is no Deployment '{name}'; there are {string.Join(", ", all.Select(d => d.Spec.Name))}."),
            _ => throw new LocalException($"Name the Deployment: {string.Join(", ", all.Select(d => d.Spec.Name))}."),
        };
    }
}
