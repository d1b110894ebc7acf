using Candor.SampleApp;
using Candor.SampleApp.Orders;

// candor: health as this repository has it. builtin: the framework's own health checks, with the same checks, to compare with.
// With SAMPLE_HEALTH (candor or builtin) it serves the operations of Orders, and has the switches of Orders/Switches.cs.
if (Environment.GetEnvironmentVariable(OrdersSample.HealthVariable) is { Length: > 0 } health)
{
    OrdersSample.Build(args, health).Run();
    return;
}

var app = args is ["builtin", .. var rest] ? BuiltInApp.Build(rest) : CandorApp.Build(args is ["candor", .. var others] ? others : args);
app.MapTrouble();
app.Run();
