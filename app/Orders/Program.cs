using Candor.Health;
using Candor.Orders.Api;
using Candor.Orders.Cache;
using Candor.Orders.Configuration;
using Candor.Orders.Queue;
using Candor.Orders.Storage;

return await Run.ToExitCodeAsync(async () =>
{
    var settings = SettingsReader.Read(Environment.GetEnvironmentVariable);

    var builder = WebApplication.CreateSlimBuilder(args);
    builder.AddReadableLog();
    builder.AddServerLimits();
    builder.AddCandor(settings.Environment);
    builder.AddDatabase(settings);
    builder.AddCache(settings);
    builder.AddQueue(settings);
    builder.AddProblemAnswers();

    var app = builder.Build();
    app.UseProblemAnswers();
    app.MapCandor();
    app.MapOrders();

    var startup = app.Services.GetRequiredService<SchemaStartup>();
    await app.RunAsync();
    return startup.Failure;
});
